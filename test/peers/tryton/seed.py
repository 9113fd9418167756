"""Fills an empty Tryton with a company whose prices use every rule that its price lists have.

Usage: seed.py <configuration> <database>. Everything is drawn from a fixed seed, and nothing in it is real.
"""
import datetime
import random
import sys
from decimal import Decimal

from proteus import Model, Wizard, config

random.seed(20261124)
CONFIG, DATABASE = sys.argv[1:]
config.set_trytond(database=DATABASE, user="admin", config_file=CONFIG)

# Currencies, with dated rates against the euro.
Currency = Model.get("currency.currency")
Rate = Model.get("currency.currency.rate")


def currency(code, rounding, rates):
    digits = max(0, -Decimal(rounding).as_tuple().exponent)
    record = Currency(name=code, symbol=code, code=code, rounding=Decimal(rounding), digits=digits)
    record.save()
    for date, rate in rates:
        Rate(currency=record, date=date, rate=Decimal(rate)).save()
    return record


day = datetime.date
euro = currency("EUR", "0.01", [(day(2000, 1, 1), "1")])
dollar = currency("USD", "0.01", [(day(2020, 1, 1), "1.1234"), (day(2026, 6, 1), "1.080317"), (day(2026, 7, 1), "1.1")])
franc = currency("CHF", "0.05", [(day(2020, 1, 1), "0.937")])
yen = currency("JPY", "1", [(day(2020, 1, 1), "163.27"), (day(2026, 6, 15), "161")])
Currency(name="GBP", symbol="GBP", code="GBP", rounding=Decimal("0.01"), digits=2).save()  # Without any rate.

# The company and its accounts.
Party = Model.get("party.party")
company_config = Wizard("company.company.config")
company_config.execute("company")
party = Party(name="Wholesale")
party.save()
company_config.form.party = party
company_config.form.currency = euro
company_config.execute("add")
User = Model.get("res.user")
config.get_config()._context = User.get_preferences(True, config.get_config().context)
Company = Model.get("company.company")
(company,) = Company.find([])

AccountTemplate = Model.get("account.account.template")
(root,) = AccountTemplate.find([("parent", "=", None)], limit=1)
create_chart = Wizard("account.create_chart")
create_chart.execute("account")
create_chart.form.account_template = root
create_chart.form.company = company
create_chart.execute("create_account")
Account = Model.get("account.account")


def account(kind):
    return Account.find([("type." + kind, "=", True), ("company", "=", company.id)], limit=1)[0]


receivable, payable = account("receivable"), account("payable")
revenue, expense = account("revenue"), account("expense")
create_chart.form.account_receivable = receivable
create_chart.form.account_payable = payable
create_chart.execute("create_properties")
(tax_account,) = Account.find([("name", "=", "Main Tax"), ("company", "=", company.id)], limit=1)

Tax = Model.get("account.tax")


def tax(name, percent, start=None, end=None):
    record = Tax(name=name, description=name, type="percentage", rate=Decimal(percent) / 100)
    record.invoice_account = tax_account
    record.credit_note_account = tax_account
    record.start_date = start
    record.end_date = end
    record.save()
    return record


standard, reduced, levy = tax("Standard", "19"), tax("Reduced", "7"), tax("Levy", "1.5")
island, eco = tax("Island", "9"), tax("Eco", "0.5", day(2000, 1, 1), day(2020, 1, 1))

TaxRule = Model.get("account.tax.rule")
TaxRuleLine = Model.get("account.tax.rule.line")


def tax_rule(name, lines):
    record = TaxRule(name=name, kind="both")
    record.save()
    for values in lines:
        TaxRuleLine(rule=record, **values).save()
    return record


# The second line is tried first.
islands = tax_rule(
    "Islands",
    [dict(sequence=20, origin_tax=standard, tax=reduced), dict(sequence=10, origin_tax=standard, tax=island)],
)
# The line for any tax is for none too, and the one after it is never reached.
anywhere = tax_rule("Anywhere", [dict(origin_tax=reduced), dict(tax=levy), dict(tax=island)])
exports = tax_rule("Exports", [dict(origin_tax=origin) for origin in (standard, reduced, levy, eco)])

# Categories in trees, and two that stand for how products are taxed.
Category = Model.get("product.category")


def category(name, parent=None, **values):
    record = Category(name=name, parent=parent, **values)
    record.save()
    return record


tools, food, paper = category("Tools"), category("Food"), category("Paper")
hand, power = category("Hand tools", tools), category("Power tools", tools)
hammers, saws = category("Hammers", hand), category("Saws", hand)
drills, sanders = category("Drills", power), category("Sanders", power)
cheese, bread = category("Cheese", food), category("Bread", food)
hard_cheese, sale = category("Hard cheese", cheese), category("Clearance")
leaves = [hammers, saws, drills, sanders, hard_cheese, cheese, bread, paper]


def accounting(name, taxes):
    record = Category(name=name, accounting=True, account_revenue=revenue, account_expense=expense)
    for one in taxes:
        record.customer_taxes.append(Tax(one.id))  # A record may be in one list only.
    record.save()
    return record


taxed = accounting("Taxed", [standard])
taxed_less = accounting("Taxed less", [reduced, levy])
taxed_once = accounting("Taxed once", [standard, eco])
untaxed = accounting("Untaxed", [])

# Units: boxes and cartons beside the piece, thirds of it; kilograms and grams; metres and rolls.
Uom = Model.get("product.uom")


def uom(name):
    return Uom.find([("name", "=", name)], limit=1)[0]


def new_uom(name, base, factor=None, rate=None, digits=2):
    record = Uom(name=name, symbol=name[:10], category=base.category, digits=digits, rounding=float(Decimal(10) ** -digits))
    if factor is not None:
        record.factor = factor
    else:
        record.rate = rate
    record.save()
    return record


piece, kilogram, gram, metre = uom("Unit"), uom("Kilogram"), uom("Gram"), uom("Meter")
piece.digits, piece.rounding = 2, 0.01
piece.save()
box = new_uom("Box of 12", piece, factor=12)
carton = new_uom("Carton of 144", piece, factor=144)
third = new_uom("Third", piece, rate=3)
roll = new_uom("Roll", metre, factor=7.62)

Template = Model.get("product.template")
sizes = [(piece, piece), (piece, box), (piece, piece), (gram, kilogram), (kilogram, gram), (metre, roll), (box, piece)]
variants = []
for number in range(48):
    default, sold = sizes[number % len(sizes)]
    template = Template(name=f"Product {number:03}", code=f"P{number:03}", type="goods", salable=True)
    template.default_uom = default
    template.sale_uom = sold
    template.list_price = Decimal(random.randrange(1, 3_000_000)) / random.choice([1, 10, 100, 10_000])
    if template.list_price > 5_000:
        template.list_price = (template.list_price / 1_000).quantize(Decimal("0.0001"))
    template.account_category = random.choice([taxed, taxed, taxed_less, taxed_once, untaxed])
    template.categories.append(Category(leaves[number % len(leaves)].id))
    if number % 9 == 0:
        template.categories.append(Category(sale.id))
    (variant,) = template.products
    if number % 11:
        variant.cost_price = (template.list_price * Decimal(random.randrange(30, 90)) / 100).quantize(Decimal("0.0001"))
    template.save()
    variants.append(template.products[0])

# Price lists.
PriceList = Model.get("product.price_list")
Line = Model.get("product.price_list.line")


def price_list(name, lines, **values):
    record = PriceList(name=name, **values)
    record.save()
    for values in lines:
        Line(price_list=record, **values).save()
    return record


plain = price_list("Plain", [dict(formula="unit_price * 0.9")])
breaks = price_list(
    "Breaks",
    [
        dict(sequence=10, quantity=144.0, formula="unit_price * (1 - 0.175)"),
        dict(sequence=20, quantity=12.0, formula="(unit_price * 0.93).quantize(Decimal('0.01'))"),
        dict(sequence=30, quantity=3.6, category=hand, formula="unit_price / 1.07"),
        dict(formula="list_price / 3", product=variants[0], sequence=None),
        dict(formula="cost_price * 1.15 if cost_price > 0 else list_price", category=tools, sequence=40),
        dict(sequence=50, formula="unit_price - 0.005"),
    ],
)
by_sale_unit = price_list(
    "By sale unit",
    [
        dict(sequence=1, quantity=10.0, category=food, formula="unit_price * 0.85"),
        dict(sequence=2, quantity=1.005, formula="unit_price * 0.97"),
        dict(sequence=3, quantity=0.5, category=untaxed, formula="unit_price * 0.5"),
    ],
    unit="product_sale",
)
dated = price_list(
    "Dated",
    [
        dict(sequence=1, start_date=day(2026, 6, 10), end_date=day(2026, 6, 20), formula="unit_price * 0.8"),
        dict(sequence=2, start_date=day(2026, 6, 21), category=tools, formula="unit_price * 0.81"),
        dict(sequence=3, end_date=day(2026, 6, 9), quantity=5.0, formula="unit_price // 1 + 0.99"),
        dict(sequence=4, category=sale, formula="(unit_price % 7).max(unit_price / 4)"),
    ],
)
child = price_list(
    "Child",
    [
        dict(sequence=1, category=tools, formula="parent_unit_price * 0.95"),
        dict(sequence=2, quantity=100.0, formula="parent_unit_price - list_price * 0.01"),
        dict(sequence=3, category=cheese, formula="(parent_unit_price + unit_price) / 2"),
        dict(sequence=4, formula="parent_unit_price"),
    ],
    parent=breaks,
)
grandchild = price_list(
    "Grandchild", [dict(formula="parent_unit_price.min(list_price * 0.88)")], parent=child, unit="product_sale"
)
gross = price_list(
    "Gross",
    [
        dict(sequence=1, quantity=50.0, formula="unit_price * 1.1"),
        dict(sequence=2, category=taxed_less, formula="(unit_price * 1.2).quantize(Decimal('0.1'))"),
        dict(sequence=3, category=tools, formula="unit_price * 1.19"),
    ],
    tax_included=True,
)
retired = price_list("Retired", [dict(formula="unit_price ** 2 / (unit_price + 1)")], active=False)
standard_list = price_list("Standard", [dict(category=paper, formula="unit_price * 0.99")])

Configuration = Model.get("sale.configuration")
settings = Configuration(1)
settings.sale_price_list = standard_list
settings.save()

# Customers.
lists = [plain, breaks, by_sale_unit, dated, child, grandchild, gross, gross, gross, gross, retired, None, None]
rules = [None, islands, None, None, exports, None, None, islands, exports, anywhere, None, None, exports]
for number, (own, rule) in enumerate(zip(lists, rules)):
    party = Party(name=f"Customer {number:02}")
    party.account_receivable = receivable
    party.account_payable = payable
    if own is not None:
        party.sale_price_list = own
    if rule is not None:
        party.customer_tax_rule = rule
    party.save()

print(len(variants), "products,", len(lists), "customers")
