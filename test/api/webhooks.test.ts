import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { pauseMilliseconds } from "../../control-plane/webhooks/retry-schedule.ts";
import { sendMessage } from "../../control-plane/webhooks/send-message.ts";
import { newWebhookSecret, signatureHeaders } from "../../control-plane/webhooks/sign-message.ts";
import { targetFault, type TargetFault } from "../../control-plane/webhooks/target.ts";

describe("the signature of a message: it promises that…", () => {
  // The vector of the specification's own libraries.
  const secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
  const message = {
    id: "msg_p5jXN8AQM9LWM0D4loKWxJek",
    timestamp: 1614265330,
    body: '{"test": 2432232314}',
  };
  const signature = "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=";

  it("it is the specification's", () => {
    expect(signatureHeaders(message, [secret])).toEqual({
      "webhook-id": message.id,
      "webhook-timestamp": "1614265330",
      "webhook-signature": signature,
    });
  });

  it("with two secrets there are two, either of which can be verified", () => {
    const headers = signatureHeaders(message, [newWebhookSecret(), secret]);
    const [first, second] = headers["webhook-signature"]?.split(" ") ?? [];
    expect(second).toBe(signature);
    expect(first).not.toBe(signature);
  });

  it("any body is signed as another implementation of HMAC signs it", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), fc.nat(), (body, timestamp) => {
        const own = newWebhookSecret();
        const key = Buffer.from(own.slice("whsec_".length), "base64");
        expect(key.length).toBe(32);
        const mac = createHmac("sha256", key).update(`msg_1.${timestamp}.${body}`).digest("base64");
        const headers = signatureHeaders({ id: "msg_1", timestamp, body }, [own]);
        expect(headers["webhook-signature"]).toBe(`v1,${mac}`);
      }),
    );
  });
});

describe("the schedule: it promises that…", () => {
  it("a message is tried ten times in about three days, with pauses that only grow", () => {
    for (const random of [0, 0.5, 1]) {
      const pauses = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((failed) => pauseMilliseconds(failed, random) ?? 0);
      expect(pauses).toEqual(pauses.toSorted((a, b) => a - b));
      expect(pauses[0]).toBeGreaterThanOrEqual(4_000);
      const days = pauses.reduce((sum, pause) => sum + pause, 0) / 86_400_000;
      expect(days).toBeGreaterThan(2.4);
      expect(days).toBeLessThan(3.9);
      expect(pauseMilliseconds(10, random)).toBeUndefined();
    }
  });
});

const badTargets: Record<TargetFault, readonly string[]> = {
  not_a_url: [
    "",
    " https://shop.acme.com/",
    "https://shop.acme.com/ ",
    "https://shop.acme.com/\n",
    "https://shop\t.acme.com/",
    "https://",
    "https:///",
    "//shop.acme.com/",
    "shop.acme.com",
    "https://shop.acme.com/#fragment",
    "https:\\\\shop.acme.com\\",
    "https://shop.acme.com\\@127.0.0.1/",
    "https://shop.acme.com/\u0000",
    "https://ⓛocalhost/",
    "https://１２７.0.0.1/",
    "https://127。0。0。1/",
    "https://münchen.de/",
    "https://256.256.256.256/",
    "https://1.2.3.4.5/",
    "https://[::1/",
    "https://shop.acme.com%00.evil.com/",
    `https://shop.acme.com/${"a".repeat(2000)}`,
  ],
  not_https: [
    "http://shop.acme.com/",
    "ftp://shop.acme.com/",
    "file:///etc/passwd",
    "gopher://shop.acme.com/",
    "data:text/plain,x",
    "javascript:alert(1)",
    "ws://shop.acme.com/",
    "https:shop.acme.com",
    "https:/shop.acme.com",
    "http://localhost/",
    "http://127.0.0.1:8080/",
    "blob:https://shop.acme.com/1",
  ],
  credentials: [
    "https://user@shop.acme.com/",
    "https://user:password@shop.acme.com/",
    "https://@shop.acme.com/",
    "https://:@shop.acme.com/",
    "https://shop.acme.com@127.0.0.1/",
    "https://shop.acme.com%2f@127.0.0.1/",
  ],
  port: [
    "https://shop.acme.com:80/",
    "https://shop.acme.com:22/",
    "https://shop.acme.com:8443/",
    "https://shop.acme.com:0443/",
    "https://shop.acme.com:/",
    "https://[::1]:8443/",
  ],
  address: [
    "https://127.0.0.1/",
    "https://127.1/",
    "https://127.0.1/",
    "https://0/",
    "https://0.0.0.0/",
    "https://2130706433/",
    "https://0x7f000001/",
    "https://0x7f.0x0.0x0.0x1/",
    "https://0177.0.0.1/",
    "https://017700000001/",
    "https://127.0.0.1./",
    "https://127.000.000.001/",
    "https://%31%32%37.0.0.1/",
    "https://10.0.0.1/",
    "https://172.16.0.1/",
    "https://192.168.1.1/",
    "https://169.254.169.254/latest/meta-data/",
    "https://2852039166/",
    "https://0xa9fea9fe/",
    "https://0251.0376.0251.0376/",
    "https://100.64.0.1/",
    "https://198.18.0.1/",
    "https://192.0.0.1/",
    "https://192.0.2.1/",
    "https://224.0.0.1/",
    "https://240.0.0.1/",
    "https://255.255.255.255/",
    "https://8.8.8.8/",
    "https://[::]/",
    "https://[::1]/",
    "https://[0:0:0:0:0:0:0:1]/",
    "https://[::ffff:127.0.0.1]/",
    "https://[::ffff:7f00:1]/",
    "https://[::127.0.0.1]/",
    "https://[64:ff9b::127.0.0.1]/",
    "https://[64:ff9b:1::a00:1]/",
    "https://[2002:7f00:1::]/",
    "https://[2001:0:7f00:1::]/",
    "https://[fc00::1]/",
    "https://[fd00:ec2::254]/",
    "https://[fe80::1]/",
    "https://[ff02::1]/",
    "https://[2606:4700:4700::1111]/",
    "https://[::1]:443/",
    "https://shop%2eacme.com/",
  ],
  internal_name: [
    "https://localhost/",
    "https://LOCALHOST/",
    "https://localhost./",
    "https://shop.acme.com./",
    "https://shop.localhost/",
    "https://printer.local/",
    "https://router.lan/",
    "https://nas.home/",
    "https://router.home.arpa/",
    "https://1.0.0.127.in-addr.arpa/",
    "https://wiki.corp/",
    "https://wiki.intranet/",
    "https://metadata.google.internal/",
    "https://instance-data.ec2.internal/",
    "https://metadata/",
    "https://kubernetes.default.svc.cluster.local/",
    "https://intranet/",
    "https://com/",
    "https://hidden.onion/",
    "https://shop.example/",
    "https://shop.test/",
    "https://127.0.0.1.nip.io/",
    "https://127-0-0-1.sslip.io/",
    "https://a.localtest.me/",
    "https://lvh.me/",
    "https://shop_1.acme.com/",
    "https://-shop.acme.com/",
    "https://shop-.acme.com/",
    "https://shop..acme.com/",
    "https://.acme.com/",
    "https://*.acme.com/",
    "https://shop.acme.c/",
    `https://${"a".repeat(64)}.acme.com/`,
    `https://${"a.".repeat(130)}com/`,
  ],
};

describe("what messages may be sent to: it promises that…", () => {
  const cases = Object.entries(badTargets).flatMap(([fault, urls]) => urls.map((url) => [url, fault]));

  it.each(cases)("%j is none: %s", (url, fault) => {
    expect(targetFault(url ?? "", { local: false })).toBe(fault);
  });

  it.each([
    "https://shop.acme.com/hooks?tenant=1&x=%20",
    "https://Shop.Acme.COM:443/hooks",
    "https://xn--mnchen-3ya.de/",
    "https://a1.co",
    "https://10.acme.com/",
    "https://localhost.acme.com/",
  ])("%s is one", (url) => {
    expect(targetFault(url, { local: false })).toBeUndefined();
  });

  it("this machine is one only where that is allowed, and no other machine with it", () => {
    for (const url of ["http://127.0.0.1:8080/hooks", "http://localhost:3000", "http://[::1]:1/x?y"]) {
      expect(targetFault(url, { local: true })).toBeUndefined();
      expect(targetFault(url, { local: false })).toBe("not_https");
    }
    for (const url of [
      "http://127.0.0.1:8080@evil.com/",
      "http://127.0.0.1.evil.com/",
      "http://localhost.evil.com/",
      "http://10.0.0.1:8080/",
      "http://169.254.169.254/",
      "http://127.0.0.2/",
      "http://2130706433/",
      "http://localhost:99999/",
    ]) {
      expect([url, targetFault(url, { local: true }) === undefined]).toEqual([url, false]);
    }
  });

  it("no address gets by in any spelling", () => {
    const part = fc
      .nat(255)
      .chain((value) =>
        fc.constantFrom(String(value), `0x${value.toString(16)}`, `0${value.toString(8)}`, `%3${value % 10}`),
      );
    const dotted = fc.array(part, { minLength: 1, maxLength: 4 }).map((parts) => parts.join("."));
    const v6 = fc.ipV6().map((address) => `[${address}]`);
    const host = fc.oneof(dotted, v6, fc.ipV4(), fc.nat(2 ** 32 - 1).map(String));
    fc.assert(
      fc.property(host, fc.constantFrom("", ".", ":443"), (address, end) => {
        expect(targetFault(`https://${address}${end}/`, { local: false })).not.toBeUndefined();
      }),
      { numRuns: 2000 },
    );
  });
});

describe("sending: it promises that…", () => {
  const message = { id: "msg_1", timestamp: 1, body: "{}" };
  const secrets = [newWebhookSecret()];
  const send = (
    answer: (url: string, init: RequestInit) => Promise<Response>,
    url = "https://shop.acme.com/",
  ) =>
    sendMessage(
      message,
      { url, secrets },
      {
        fetch: (input, init = {}) => answer(input as string, init as RequestInit),
        targets: { local: false },
        timeoutMilliseconds: 50,
      },
    );

  it("an address that is no target any more is not asked", async () => {
    const refuse = () => Promise.reject(new Error("It was asked"));
    expect(await send(refuse, "https://169.254.169.254/")).toEqual({
      kind: "failed",
      status: null,
      failure: "The target is not allowed: address",
    });
  });

  it("a redirect is a failure, and not followed", async () => {
    const asked: string[] = [];
    const attempt = await send(async (url, { redirect }) => {
      asked.push(`${redirect} ${url}`);
      return new Response(null, { status: 307, headers: { Location: "http://169.254.169.254/" } });
    });
    expect(attempt).toEqual({ kind: "failed", status: 307, failure: "Redirects are not followed" });
    expect(asked).toEqual(["manual https://shop.acme.com/"]);
  });

  it("an endless answer is not read", async () => {
    let read = 0;
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(new Uint8Array(++read * 1024)),
    });
    expect(await send(async () => new Response(endless))).toEqual({ kind: "delivered", status: 200 });
    expect(read).toBeLessThan(3);
  });

  it("who does not answer in time is given up", async () => {
    const attempt = await send(
      (_url, { signal }) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason as Error));
        }),
    );
    expect(attempt).toEqual({ kind: "failed", status: null, failure: "No answer in time" });
  });

  it("what went wrong on the way is not told", async () => {
    const attempt = await send(() => Promise.reject(new TypeError("connect ECONNREFUSED 10.1.2.3:443")));
    expect(attempt).toEqual({ kind: "failed", status: null, failure: "The target could not be reached" });
  });
});
