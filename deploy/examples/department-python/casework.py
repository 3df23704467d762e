"""What the department does about a message from Paidan: a case and a message go in, commands come out. No Kafka, no database, no clock."""

import uuid
from dataclasses import dataclass, field
from typing import Any, Optional

Json = dict[str, Any]

# Ids are made from what a command is about: after a crash the same command has the same id, and Paidan does nothing for an id it knows.
COMMAND_IDS = uuid.UUID("5b4f3f0e-6d1c-4a58-9f0a-2f7a30c6d8b1")

OUT_OF_OUR_HANDS = {"not-yours", "stale-assignment", "unknown-ticket"}
MUST_KEEP = {"designated", "return-window-passed", "already-returned"}
REACHED_BY = {"sign": "signed", "return": "returned", "reply": "replied", "approve": "approved"}


@dataclass(frozen=True)
class Duty:
    """One line of the department's duty list, and what it answers once the work is done."""

    name: str
    matters: list[str]
    words: list[str]
    reply: str
    outcome: str


@dataclass(frozen=True)
class Office:
    """The department: its unit code, who works on cases, who approves replies (another person), and what is its own."""

    unit: str
    officer: str
    approver: str
    duties: list[Duty]

    def duty_for(self, matter: Optional[str], text: str) -> Optional[Duty]:
        """The duty under which the matter of the catalogue falls, or else the citizen's own words."""
        by_matter = (duty for duty in self.duties if matter in duty.matters)
        by_words = (duty for duty in self.duties if any(word in text for word in duty.words))
        return next(by_matter, None) or next(by_words, None)


@dataclass
class Case:
    """One assignment of a ticket to us. `informed`: another unit leads, we only know of it; `over`: it was taken back."""

    ticket: str
    assignment: int
    number: str
    status: str = "offered"
    duty: Optional[str] = None
    deadlines: dict[str, Optional[str]] = field(default_factory=dict)
    cards: dict[str, str] = field(default_factory=dict)
    trouble: Optional[str] = None


@dataclass(frozen=True)
class Command:
    """For `paidan.commands.<unit>`. `after_work`: only when the work is done; `again`: it was refused for the moment, to be repeated later."""

    body: Json
    after_work: bool = False
    again: bool = False


def decide(case: Case, message: Json, office: Office, text: str = "") -> list[Command]:
    """Changes the case by the message and says what to tell Paidan. `text` is that of an offer. Types that it doesn't know change nothing."""
    kind = message["type"]
    if kind == "assignment.offered":
        return on_offer(case, message, office, text)
    if kind == "command.accepted":
        return on_done(case, message["command"], message["state"], office)
    if kind == "command.refused":
        return on_refused(case, message, office)
    if kind == "assignment.kept":  # our return was refused: it is ours now
        return [command(case, office, "sign")]
    if kind == "assignment.withdrawn":
        case.status = "over"
    elif kind == "assignment.supplemented":
        return note(case, office, f"supplement {message['supplement']}", "已收到诉求人补充材料，一并办理。")
    elif kind == "deadline.set":
        for deadline in message["deadlines"]:
            case.deadlines[deadline["clock"]] = deadline["dueAt"]  # None while work is suspended
    elif kind == "deadline.near":
        return note(case, office, f"near {message['clock']} {message['dueAt']}", "正在办理，将在时限前答复。")
    elif kind == "card.shown":
        case.cards[message["card"]] = message["colour"]
    elif kind == "card.taken-back":
        case.cards.pop(message["card"], None)
    return []


def on_offer(case: Case, offer: Json, office: Office, text: str) -> list[Command]:
    if offer["role"] != "lead":
        case.status = "informed"
        return []
    duty = office.duty_for(offer["matter"], text)
    case.duty = duty.name if duty else None
    if duty or offer["designated"]:  # who was designated may not return
        return [command(case, office, "sign")]
    ours = "、".join(duty.name for duty in office.duties)
    return [command(case, office, "return", reason="not-our-duty", grounds=f"本单位职责为{ours}，该诉求不在其中。")]


def on_done(case: Case, done: str, state: Json, office: Office) -> list[Command]:
    case.status, case.trouble = REACHED_BY.get(done, case.status), None
    if done == "sign":
        duty = next((duty for duty in office.duties if duty.name == case.duty), None)
        text, outcome = (duty.reply, duty.outcome) if duty else ("经核查，相关情况已转请主管部门研究。", "explained")
        started = note(case, office, "started", "已安排人员到现场处理。")
        return started + [command(case, office, "reply", after_work=True, text=text, outcome=outcome)]
    if done == "reply":
        return [command(case, office, "approve", f"round {state['round']}", officer=office.approver, round=state["round"])]
    return []


def on_refused(case: Case, refusal: Json, office: Office) -> list[Command]:
    """A refusal says why, and how things stand at Paidan; that, not our memory, is how they are."""
    reason, refused, state = refusal["reason"], refusal.get("command", ""), refusal.get("state", {})
    if reason in OUT_OF_OUR_HANDS:
        case.status = "over"
    elif refused == "return" and reason in MUST_KEEP:
        return [command(case, office, "sign")]
    elif reason == "ticket-parked":
        return [Command({"commandId": refusal["commandId"]}, again=True)]
    elif reason == "wrong-state" and state.get("status") == REACHED_BY.get(refused):
        # Overtaken: an officer did it on the screen, or the time for returning passed, which signs by itself.
        return on_done(case, refused, state, office)
    else:
        case.trouble = f"{refused}: {reason}"  # for a person to look at
    return []


def note(case: Case, office: Office, about: str, text: str) -> list[Command]:
    """A note on the work, which only who has signed can make."""
    return [command(case, office, "progress", about, note=text)] if case.status in ("signed", "replied") else []


def command(case: Case, office: Office, name: str, about: str = "", after_work: bool = False, **more: Any) -> Command:
    command_id = uuid.uuid5(COMMAND_IDS, f"{office.unit}/{case.ticket}/{case.assignment}/{name}/{about}")
    head = {"command": name, "commandId": str(command_id), "ticketId": case.ticket, "assignment": case.assignment, "officer": office.officer}
    return Command({**head, **more}, after_work=after_work)
