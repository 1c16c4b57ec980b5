"""Each recogniser's table: what it must find, beside what only looks like it."""

import pytest

from privacy.redaction import Label, Redactor

# A message, and what must be found in it: text and label. An empty list: the message names nobody.
FOUND: list[tuple[str, list[tuple[str, str]]]] = [
    # PHONE
    ("07911 123456 is my mobile", [("07911 123456", "PHONE")]),
    ("call mum on 0161 496 0234 pls", [("0161 496 0234", "PHONE")]),
    ("its (020) 7946 0018", [("(020) 7946 0018", "PHONE")]),
    ("+447911123456", [("+447911123456", "PHONE")]),
    ("0044 7911 123456 ok", [("0044 7911 123456", "PHONE")]),
    ("+44 (0)7911 123 456", [("+44 (0)7911 123 456", "PHONE")]),
    ("o7911 123456", [("o7911 123456", "PHONE")]),
    ("0 7 9 1 1 1 2 3 4 5 6", [("0 7 9 1 1 1 2 3 4 5 6", "PHONE")]),
    ("07911-123-456", [("07911-123-456", "PHONE")]),
    ("079.11.12.34.56 text me", [("079.11.12.34.56", "PHONE")]),
    (
        "oh seven nine double one one two three four five six thats it",
        [("oh seven nine double one one two three four five six", "PHONE")],
    ),
    ("+353 85 123 4567 in ireland", [("+353 85 123 4567", "PHONE")]),
    ("ring me on 7911123456", [("7911123456", "PHONE")]),
    ("my landline is 496 0123", [("496 0123", "PHONE")]),
    # EMAIL
    ("im at kelly_b.92@example.co.uk now", [("kelly_b.92@example.co.uk", "EMAIL")]),
    ("email gaz at gmail dot com", [("gaz at gmail dot com", "EMAIL")]),
    ("jo.smith (at) example (dot) org", [("jo.smith (at) example (dot) org", "EMAIL")]),
    ("its daveb@gmail", [("daveb@gmail", "EMAIL")]),
    ("shaz99 @ hotmail . co . uk", [("shaz99 @ hotmail . co . uk", "EMAIL")]),
    # POSTCODE
    ("M1 1AE", [("M1 1AE", "POSTCODE")]),
    ("im at ls61ng come get me", [("ls61ng", "POSTCODE")]),
    ("postcode is CF10 3NP", [("CF10 3NP", "POSTCODE")]),
    ("my post code is EH4", [("EH4", "POSTCODE")]),
    ("S E 1 5 4 Q R", [("S E 1 5 4 Q R", "POSTCODE")]),
    ("wc2n-5du", [("wc2n-5du", "POSTCODE")]),
    # NHS_NUMBER
    ("nhs number 943 476 5919", [("943 476 5919", "NHS_NUMBER")]),
    ("9434765919 thats my nhs no", [("9434765919", "NHS_NUMBER")]),
    ("943 476 5919", [("943 476 5919", "NHS_NUMBER")]),
    ("my nhs number is 943 476 5918 i think", [("943 476 5918", "NHS_NUMBER")]),
    # NI_NUMBER
    ("ab123456c", [("ab123456c", "NI_NUMBER")]),
    ("NI number: QQ 12 34 56 C", [("QQ 12 34 56 C", "NI_NUMBER")]),
    ("jobcentre asked for my ni its jk 44 55 66 b", [("jk 44 55 66 b", "NI_NUMBER")]),
    # DATE_OF_BIRTH
    ("dob 3/11/87", [("3/11/87", "DATE_OF_BIRTH")]),
    ("i was born on the 5th march 1992", [("5th march 1992", "DATE_OF_BIRTH")]),
    ("date of birth: 1990-02-28", [("1990-02-28", "DATE_OF_BIRTH")]),
    ("my birthday is june 14", [("june 14", "DATE_OF_BIRTH")]),
    ("D.O.B 12 Sept 2001", [("12 Sept 2001", "DATE_OF_BIRTH")]),
    ("born 01.02.99", [("01.02.99", "DATE_OF_BIRTH")]),
    # URL
    ("he put it on https://example.com/user/jo", [("https://example.com/user/jo", "URL")]),
    ("my blog is sadgirl-diary.blogspot.com", [("sadgirl-diary.blogspot.com", "URL")]),
    ("www.example.org.uk.", [("www.example.org.uk", "URL")]),
    ("discord.gg/abcd123", [("discord.gg/abcd123", "URL")]),
    # HANDLE
    ("follow @lil_kez_x", [("@lil_kez_x", "HANDLE")]),
    ("my snap is kez.xo22", [("kez.xo22", "HANDLE")]),
    ("insta: daisy_mayy", [("daisy_mayy", "HANDLE")]),
    ("tag is shadowfox#1337", [("shadowfox#1337", "HANDLE")]),
    ("reddit username u/brokenbiscuit", [("u/brokenbiscuit", "HANDLE")]),
    # ADDRESS
    ("14 acacia avenue", [("14 acacia avenue", "ADDRESS")]),
    ("flat 3, 22 mill lane", [("flat 3, 22 mill lane", "ADDRESS")]),
    ("i live at 7b st marys rd", [("7b st marys rd", "ADDRESS")]),
    ("hes on garratt lane outside", [("garratt lane", "ADDRESS")]),
    ("flat 12 heron court", [("flat 12 heron court", "ADDRESS")]),
    # CARD
    ("my card is 4111 1111 1111 1111", [("4111 1111 1111 1111", "CARD")]),
    ("5555555555554444", [("5555555555554444", "CARD")]),
    # IP_ADDRESS
    ("my ip is 81.2.69.142", [("81.2.69.142", "IP_ADDRESS")]),
    ("2001:db8::ff00:42:8329", [("2001:db8::ff00:42:8329", "IP_ADDRESS")]),
    # ID
    ("student id 20417733", [("20417733", "ID")]),
    ("case number AB/12345", [("AB/12345", "ID")]),
    ("my hospital number is K123456", [("K123456", "ID")]),
    ("his car is AB12CDE", [("AB12CDE", "ID")]),
    ("reg is ab12 cde", [("ab12 cde", "ID")]),
    ("passport no 533401372", [("533401372", "ID")]),
    ("sort code 20-00-00 account number 55779911", [("20-00-00", "ID"), ("55779911", "ID")]),
    # SCHOOL
    ("im in year 9 at oakwood academy", [("oakwood academy", "SCHOOL")]),
    ("studying at the university of leeds", [("university of leeds", "SCHOOL")]),
    ("everyone at wirral grammar hates me", [("wirral grammar", "SCHOOL")]),
    ("my daughter goes to st josephs", [("st josephs", "SCHOOL")]),
    ("dropped out of barnsley college", [("barnsley college", "SCHOOL")]),
    # WORKPLACE
    ("i work at tesco nights", [("tesco", "WORKPLACE")]),
    ("got sacked from greggs", [("greggs", "WORKPLACE")]),
    ("my manager at hargreaves logistics", [("hargreaves logistics", "WORKPLACE")]),
    ("working for amazon broke me", [("amazon", "WORKPLACE")]),
    # HEALTHCARE
    ("under dr patel at elm tree surgery", [("patel", "PERSON"), ("elm tree surgery", "HEALTHCARE")]),
    ("im in wythenshawe hospital", [("wythenshawe hospital", "HEALTHCARE")]),
    ("they moved me to willow ward", [("willow ward", "HEALTHCARE")]),
    ("ward 17 again", [("ward 17", "HEALTHCARE")]),
    ("the maudsley kept me in", [("the maudsley", "HEALTHCARE")]),
    # LOCATION
    ("moved to huddersfield last year", [("huddersfield", "LOCATION")]),
    ("i live in bath", [("bath", "LOCATION")]),
    ("stuck in milton keynes", [("milton keynes", "LOCATION")]),
    ("im from reading originally", [("reading", "LOCATION")]),
    ("grew up in stoke on trent", [("stoke on trent", "LOCATION")]),
    ("my family is in lagos", [("lagos", "LOCATION")]),
    # PERSON
    ("my name is gurpreet", [("gurpreet", "PERSON")]),
    ("im owen", [("owen", "PERSON")]),
    ("call me will", [("will", "PERSON")]),
    ("my mum hope died", [("hope", "PERSON")]),
    ("mark wont talk to me", [("mark", "PERSON")]),
    ("dr o'connor was rude", [("o'connor", "PERSON")]),
    ("me and faith split up", [("faith", "PERSON")]),
    ("mr brown from school", [("brown", "PERSON")]),
    ("siobhan's mum rang", [("siobhan", "PERSON")]),
    ("wojciech hit me", [("wojciech", "PERSON")]),
    ("i miss oluwaseun so much", [("oluwaseun", "PERSON")]),
    ("its sarah jones here", [("sarah jones", "PERSON")]),
    ("my brother jayden and aunty bev", [("jayden", "PERSON"), ("bev", "PERSON")]),
    ("my mate scrigg said it", [("scrigg", "PERSON")]),
    ("I told Grace about it.", [("Grace", "PERSON")]),
]

CLEAN: list[str] = [
    "rang 116 123 and then 999",
    "text shout to 85258",
    "childline is 0800 1111",
    "papyrus 0800 068 4141",
    "0808 808 4994 is the mix",
    "111 said wait",
    "i took 20 at 10 30 and 15 at 11",
    "lost 3 stone in 6 months",
    "1000000 times i tried",
    "its 50 50 really",
    "meet me at work. dot com boom",
    "look at the state of me",
    "b12 injections and vitamin d3",
    "up at 2 am again",
    "taking 50mg sertraline and 15mg mirtazapine",
    "it happened on 12/03/2024",
    "since 4th july 2019 its been hell",
    "he died on the 3rd of may",
    "my score is 22/27",
    "see nhs.uk or google.com",
    "i was at rock bottom.so tired",
    "insta is bad for me",
    "snap is all i do",
    "5 minutes down the road",
    "10 years on the street",
    "3 people in the park",
    "walked down the high street",
    "my road is so loud",
    "version 1.2.3 of the app",
    "127.0.0.1",
    "my case is hard",
    "passport is lost",
    "i hate high school",
    "at secondary school they bullied me",
    "started uni last week",
    "sixth form is hell",
    "went to tesco for milk",
    "i work from home",
    "i work nights in retail",
    "the nhs and camhs let me down",
    "on the ward for two weeks",
    "my gp surgery wont answer",
    "had heart surgery",
    "the crisis team came",
    "in hospital again",
    "reading a book in the bath",
    "it was a good deal",
    "will you help me",
    "i may hope for joy",
    "may i ask you something",
    "have faith and grace",
    "mark my words",
    "rose early and sat in the dawn",
    "the bill came and i cant pay",
    "frank with you, im done",
    "the doctor said no",
    "my mum said no",
    "in summer its better",
    "sunny day but im low",
    "its a miracle im here",
    "im rich compared to some",
    "im tired",
    "i feel numb",
    "my dad left when i was 6",
    "im 34 and alone",
    "christmas day 2023 was bad",
]


@pytest.mark.parametrize(("message", "wanted"), FOUND, ids=[message for message, _ in FOUND])
def test_it_finds_and_labels(redactor: Redactor, message: str, wanted: list[tuple[str, str]]) -> None:
    found = [
        (message[entity.start : entity.end], entity.label) for entity in redactor.redact(message).entities
    ]
    assert found == wanted


@pytest.mark.parametrize("message", CLEAN)
def test_it_leaves_clean_messages_alone(redactor: Redactor, message: str) -> None:
    assert redactor.redact(message).text == message


def test_every_label_has_its_table() -> None:
    assert {label for _, wanted in FOUND for _, label in wanted} == set(Label)
