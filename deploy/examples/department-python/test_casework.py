"""python -m unittest: what the department does about each message, and what it remembers. Needs neither Kafka nor Paidan."""

import json
import pathlib
import tempfile
import unittest
from typing import Any, Optional

from casework import Case, Command, Duty, Json, Office, decide
from store import Store

HERE = pathlib.Path(__file__).parent
DUTIES = [Duty(**line) for line in json.loads((HERE / "duties.json").read_text(encoding="utf-8"))]
OFFICE = Office("city-urban-management", "officer-1", "chief-1", DUTIES)
TICKET = "019aa8c5-6400-7a11-8c00-000000000001"


def a_case(status: str = "offered", duty: Optional[str] = "路灯照明") -> Case:
    return Case(TICKET, 1, "20261122-000123", status, duty)


def offer(**more: Any) -> Json:
    return {"type": "assignment.offered", "role": "lead", "matter": None, "designated": False, **more}


def refusal(command: str, reason: str, **state: Any) -> Json:
    return {"type": "command.refused", "command": command, "commandId": "c", "reason": reason, "state": state}


def deadlines(**due: Optional[str]) -> Json:
    return {"type": "deadline.set", "deadlines": [{"clock": clock, "dueAt": at} for clock, at in due.items()]}


def names(commands: list[Command]) -> list[str]:
    return [command.body["command"] for command in commands]


class Offers(unittest.TestCase):
    def told(self, text: str = "", **more: Any) -> tuple[Case, list[Command]]:
        case = a_case(duty=None)
        return case, decide(case, offer(**more), OFFICE, text)

    def test_what_is_its_own_by_matter_or_by_words_is_signed(self) -> None:
        for text, matter in [("", "0203"), ("门口的路灯不亮", None), ("门口的路灯不亮", "1304")]:
            case, commands = self.told(text, matter=matter)
            self.assertEqual((names(commands), case.duty), (["sign"], "路灯照明"))

    def test_what_is_not_is_returned_with_reason_and_grounds(self) -> None:
        _, [command] = self.told("水压太低", matter="0301")
        self.assertEqual((command.body["command"], command.body["reason"]), ("return", "not-our-duty"))
        self.assertIn("路灯照明", command.body["grounds"])

    def test_who_is_designated_signs_whatever_it_is(self) -> None:
        self.assertEqual(names(self.told("水压太低", designated=True)[1]), ["sign"])

    def test_co_handlers_and_copies_are_only_informed(self) -> None:
        case, commands = self.told(role="copy", matter="0203")
        self.assertEqual((case.status, commands), ("informed", []))


class Work(unittest.TestCase):
    def test_goes_from_signing_to_a_reply_that_another_person_approves(self) -> None:
        case = a_case()
        started, reply = decide(case, {"type": "command.accepted", "command": "sign", "state": {"status": "signed"}}, OFFICE)
        self.assertEqual((started.body["command"], reply.body["command"], reply.after_work), ("progress", "reply", True))
        self.assertEqual((reply.body["text"], reply.body["outcome"]), (DUTIES[0].reply, "resolved"))
        [approve] = decide(case, {"type": "command.accepted", "command": "reply", "state": {"status": "replied", "round": 2}}, OFFICE)
        self.assertEqual((approve.body["round"], approve.body["officer"]), (2, "chief-1"))
        self.assertNotEqual(approve.body["officer"], reply.body["officer"])
        self.assertEqual(decide(case, {"type": "command.accepted", "command": "approve", "state": {}}, OFFICE), [])
        self.assertEqual(case.status, "approved")

    def test_a_command_has_the_same_id_each_time_and_no_two_share_one(self) -> None:
        first, again = (decide(a_case(), offer(matter="0203"), OFFICE)[0] for _ in range(2))
        self.assertEqual(first, again)
        other = Case(TICKET, 2, "20261122-000123")
        ids = {command.body["commandId"] for case in (a_case(), other) for command in decide(case, offer(matter="0203"), OFFICE)}
        self.assertEqual(len(ids), 2)

    def test_a_near_deadline_and_a_supplement_are_answered_once_it_is_signed(self) -> None:
        near = {"type": "deadline.near", "clock": "finish", "dueAt": "2026-11-27T10:00:00.000Z"}
        self.assertEqual(decide(a_case(), near, OFFICE), [])
        self.assertEqual(names(decide(a_case("signed"), near, OFFICE)), ["progress"])
        self.assertEqual(names(decide(a_case("signed"), {"type": "assignment.supplemented", "supplement": 1}, OFFICE)), ["progress"])

    def test_deadlines_and_cards_are_kept(self) -> None:
        case = a_case()
        decide(case, deadlines(sign="2026-11-23T10:00:00.000Z", finish=None), OFFICE)
        decide(case, deadlines(finish="2026-11-27T10:00:00.000Z"), OFFICE)
        decide(case, {"type": "card.shown", "card": "y", "colour": "yellow"}, OFFICE)
        decide(case, {"type": "card.shown", "card": "r", "colour": "red"}, OFFICE)
        decide(case, {"type": "card.taken-back", "card": "y", "colour": "yellow"}, OFFICE)
        known = {"sign": "2026-11-23T10:00:00.000Z", "finish": "2026-11-27T10:00:00.000Z"}
        self.assertEqual((case.deadlines, case.cards), (known, {"r": "red"}))

    def test_what_it_does_not_know_changes_nothing(self) -> None:
        case = a_case()
        self.assertEqual((decide(case, {"type": "something.new"}, OFFICE), case), ([], a_case()))


class Refusals(unittest.TestCase):
    def test_of_a_return_make_it_its_own(self) -> None:
        self.assertEqual(names(decide(a_case(), {"type": "assignment.kept", "reason": "is-their-duty"}, OFFICE)), ["sign"])
        self.assertEqual(names(decide(a_case(), refusal("return", "return-window-passed"), OFFICE)), ["sign"])

    def test_that_say_it_is_elsewhere_end_the_case(self) -> None:
        case = a_case("signed")
        self.assertEqual((decide(case, refusal("reply", "stale-assignment"), OFFICE), case.status), ([], "over"))

    def test_because_it_is_done_already_go_on_from_there(self) -> None:
        case = a_case()
        self.assertEqual(names(decide(case, refusal("sign", "wrong-state", status="signed"), OFFICE)), ["progress", "reply"])
        self.assertEqual(case.status, "signed")

    def test_for_the_moment_are_tried_again(self) -> None:
        [again] = decide(a_case(), refusal("sign", "ticket-parked"), OFFICE)
        self.assertTrue(again.again)

    def test_of_any_other_kind_are_for_a_person(self) -> None:
        case = a_case("replied")
        self.assertEqual((decide(case, refusal("approve", "same-officer"), OFFICE), case.trouble), ([], "approve: same-officer"))


class Memory(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.file = f"{folder.name}/department.sqlite"
        self.store = self.opened()

    def opened(self) -> Store:
        store = Store(self.file)
        self.addCleanup(store.db.close)
        return store

    def test_outlives_the_process_and_asks_for_nothing_twice(self) -> None:
        case = a_case()
        self.store.keep("m1", case, decide(case, offer(matter="0203"), OFFICE), now=100, work_seconds=0)
        store = self.opened()
        self.assertTrue(store.seen("m1"))
        self.assertEqual(store.case(TICKET, None), case)
        [sign] = store.due(100)
        store.written([sign])
        store.keep("m2", case, decide(case, offer(matter="0203"), OFFICE), now=100, work_seconds=0)
        self.assertEqual(self.opened().due(100), [])

    def test_holds_the_reply_until_the_work_is_done_and_drops_it_when_the_case_is_over(self) -> None:
        case = a_case()
        done = {"type": "command.accepted", "command": "sign", "state": {"status": "signed"}}
        self.store.keep("m1", case, decide(case, done, OFFICE), now=100, work_seconds=50)
        self.assertEqual([body["command"] for body in self.store.due(149)], ["progress"])
        self.assertEqual([body["command"] for body in self.store.due(150)], ["progress", "reply"])
        decide(case, {"type": "assignment.withdrawn"}, OFFICE)
        self.store.keep("m2", case, [], now=160, work_seconds=50)
        self.assertEqual(self.store.due(1000), [])

    def test_repeats_what_was_refused_for_the_moment_later_under_its_id(self) -> None:
        case = a_case()
        self.store.keep("m1", case, decide(case, offer(matter="0203"), OFFICE), now=100, work_seconds=0)
        [sign] = self.store.due(100)
        self.store.written([sign])
        parked = {**refusal("sign", "ticket-parked"), "commandId": sign["commandId"]}
        self.store.keep("m2", case, decide(case, parked, OFFICE), now=100, work_seconds=0)
        self.assertEqual((self.store.due(100), self.store.due(200)), ([], [sign]))


if __name__ == "__main__":
    unittest.main()
