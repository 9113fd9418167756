import { createServer } from "node:net";

/** @throws saying which port is taken and how to take another */
export async function checkPortsAreFree(ports: { edge: number; control: number }): Promise<void> {
  if (ports.edge === ports.control) {
    throw new Error(`EDGE_PORT and CONTROL_PORT must differ: both are ${ports.edge}.`);
  }
  await checkPort(ports.edge, "EDGE_PORT");
  await checkPort(ports.control, "CONTROL_PORT");
}

function checkPort(port: number, variable: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === "EADDRINUSE" ? "is in use by another program" : `cannot be used (${cause.code})`;
      reject(new Error(`Port ${port} ${why}. Choose another with ${variable}=<port>.`, { cause }));
    });
    server.listen(port, "127.0.0.1", () => server.close(() => resolve()));
  });
}
