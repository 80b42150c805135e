"""Made-up people. No row here is, or is like, anybody in particular."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from pathways.codes import StatedGender

# Ordinary given and family names, mixed freely, so that lists look like those of England.
MEN = (
    "Adam Ahmed Aiden Amir Andre Anthony Ben Callum Carlos Chidi Connor Craig Damien Daniel Darren "
    "Dean Delroy Dmitri Dylan Elliot Emeka Ethan Farhan Gareth George Hamza Harvey Hassan Ian Imran "
    "Jack Jamal James Jerome Joel Jordan Josef Junior Kai Karim Keith Kieran Kofi Kwame Kyle Lee Leon "
    "Levi Liam Lloyd Luca Marcus Mark Marlon Mateusz Mohammed Nathan Neil Nikhil Omar Owen Patrick "
    "Paul Piotr Rahul Raj Reece Ricky Robert Ryan Samir Scott Sean Shane Simon Stefan Steven Tariq "
    "Terry Tobias Tomasz Tyrone Usman Vikram Wayne Winston Yusuf Zack"
).split()
WOMEN = (
    "Abigail Aisha Alice Amara Amy Anita Anya Beth Bianca Carly Chantelle Chloe Claire Danielle "
    "Destiny Ebony Elaine Ella Emma Esther Farah Fatima Gemma Grace Hannah Holly Ifeoma Imogen Jade "
    "Jasmine Joanna Kayleigh Keisha Kelly Latoya Laura Leah Lucy Maria Megan Mina Monika Nadia Naomi "
    "Natalie Nicola Olivia Paige Priya Rachel Rosa Ruth Sabrina Sadia Sarah Shanice Sophie Stacey "
    "Tanya Tara Vanessa Victoria Yasmin Zainab Zoe"
).split()
FAMILY = (
    "Abbott Adeyemi Ahmed Akhtar Ali Allen Anderson Asante Atkins Bailey Baker Barnes Begum Bennett "
    "Boateng Bradley Brooks Brown Burton Campbell Carter Chapman Chowdhury Clarke Coleman Collins "
    "Cooper Cox Crawford Davies Dawson Diaz Dixon Dunn Edwards Ellis Evans Farrell Fisher Fleming "
    "Foster Francis Gallagher Gibson Gordon Graham Grant Green Griffiths Hall Hamilton Harris Harvey "
    "Hassan Henry Hill Holmes Hughes Hunt Hussain Iqbal Jackson James Jenkins Johnson Jones Joseph "
    "Kelly Kennedy Khan King Knight Kowalski Lambert Lawson Lewis Lloyd Malik Marshall Martin Mason "
    "Matthews Mensah Miah Mills Mitchell Moore Morgan Morris Murphy Murray Nguyen Nowak Nunez O'Brien "
    "Obi Okafor Oliver Osei Owen Palmer Parker Patel Pearson Perry Phillips Pierre Popescu Powell "
    "Price Rahman Reid Reynolds Richards Roberts Robinson Rogers Rose Ross Russell Ryan Scott Sharma "
    "Shaw Simpson Singh Smith Spencer Stewart Stone Sullivan Taylor Thomas Thompson Turner Walker "
    "Wallace Walsh Ward Watson Webb Wells White Wilkinson Williams Wilson Wood Wright Yeboah Young "
    "Zielinski"
).split()

# Shares of ethnic categories. Black people are over-represented among restricted patients (Nuffield Trust, May 2022);
# the figures themselves are ours.
ETHNICITIES = {
    "A": 52, "B": 1, "C": 6, "D": 4, "E": 1, "F": 1, "G": 1, "H": 2, "J": 4, "K": 2, "L": 2, "M": 8, "N": 7, "P": 4,
    "R": 1, "S": 1, "Z": 2, "99": 1,
}  # fmt: skip
LANGUAGES = ("Polish", "Romanian", "Arabic", "Bengali", "Somali")
FIRST_NEVER_ISSUED = 999_000_000


def ward_gender_of(stated_gender: str) -> str:
    """Whom the wards are for that take somebody made up."""
    return "women" if stated_gender == StatedGender.FEMALE else "men"


@dataclass
class Person:
    """Somebody made up, before any record is written."""

    number: int
    given_name: str
    family_name: str
    born_on: date
    gender: str
    ethnicity: str
    nhs_number: str | None
    prison_number: str
    home: int
    alias: str = ""
    language: str = ""
    restricted_access: bool = False
    extra: dict = field(default_factory=dict)

    @property
    def ward_gender(self) -> str:
        """Whom the wards are for that take them."""
        return ward_gender_of(self.gender)


def check_digit(first_nine: str) -> int | None:
    """The NHS number's tenth digit by modulus 11, or None where the nine can't make a valid number."""
    total = sum(int(digit) * weight for digit, weight in zip(first_nine, range(10, 1, -1), strict=True))
    digit = (11 - total % 11) % 11
    return None if digit == 10 else digit


def nhs_numbers():
    """Valid numbers of the range that is never issued (999 000 0000 to 999 999 9999), each once."""
    for first_nine in range(FIRST_NEVER_ISSUED, FIRST_NEVER_ISSUED + 1_000_000):
        digit = check_digit(str(first_nine))
        if digit is not None:
            yield f"{first_nine}{digit}"


def prison_number(number: int) -> str:
    """A made-up prison number of the right shape: letter, four figures, two letters."""
    letters = "ABCDEFGHJKLMNPQRSTUVWXYZ"
    high, low = divmod(number, 10_000)
    third, second = divmod(high, len(letters))
    return f"X{low:04d}{letters[third % len(letters)]}{letters[second]}"


def people(count: int, homes: int, today: date, random: Random):
    """`count` made-up adults: one in eight a woman, one in thirty without NHS number, a few of restricted access."""
    numbers = nhs_numbers()
    for number in range(count):
        woman = random.random() < 0.125
        age_days = int(random.triangular(18 * 366, 78 * 365, 33 * 365))
        yield Person(
            number=number,
            given_name=random.choice(WOMEN if woman else MEN),
            family_name=random.choice(FAMILY),
            born_on=today - timedelta(days=age_days),
            gender=StatedGender.FEMALE.value if woman else StatedGender.MALE.value,
            ethnicity=random.choices(list(ETHNICITIES), weights=ETHNICITIES.values())[0],
            nhs_number=None if random.random() < 1 / 30 else next(numbers),
            prison_number=prison_number(number),
            home=random.randrange(homes),
            alias=f"{random.choice(FAMILY)}" if random.random() < 0.08 else "",
            language=random.choice(("Polish", "Romanian", "Arabic", "Bengali", "Somali"))
            if random.random() < 0.05
            else "",
            restricted_access=random.random() < 0.004,
        )
