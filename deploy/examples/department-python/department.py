"""A department's system: reads `paidan.assignments.<unit>`, writes `paidan.commands.<unit>`. python department.py --help"""

import argparse
import json
import logging
import signal
import time
import urllib.error
import urllib.parse
import urllib.request
from typing import Optional

from kafka import KafkaConsumer, KafkaProducer, TopicPartition

from casework import Case, Duty, Json, Office, decide
from store import Store

log = logging.getLogger("department")


class NotNow(Exception):
    """Paidan can't be asked: the message stays unread and is tried again."""


class Department:
    def __init__(self, args: argparse.Namespace, office: Office, store: Store) -> None:
        self.args, self.office, self.store = args, office, store
        self.running = True
        kafka = {"bootstrap_servers": args.brokers, "client_id": args.unit, "allow_auto_create_topics": False, **json.loads(args.kafka)}
        self.consumer = KafkaConsumer(group_id=f"{args.unit}.department", auto_offset_reset="earliest", enable_auto_commit=False, **kafka)
        self.producer = KafkaProducer(acks="all", **kafka)

    def run(self) -> None:
        """Until it is told to stop. Whatever fails ends it, and whoever keeps it running starts it again: nothing is done twice by that."""
        # One process reads all there is. A share in a group would be free again only when the session of a killed process has run out.
        topic = f"paidan.assignments.{self.args.unit}"
        while not (partitions := self.consumer.partitions_for_topic(topic) or set()) and self.running:
            log.warning("there is no topic %s", topic)
            time.sleep(2)
        self.consumer.assign([TopicPartition(topic, partition) for partition in partitions])
        log.info("%s reads its assignments", self.args.unit)
        while self.running:
            for partition, records in self.consumer.poll(timeout_ms=200).items():
                for record in records:
                    try:
                        self.handle(record.value, dict(record.headers))
                    except NotNow as reason:
                        log.warning("offset %d is tried again: %s", record.offset, reason)
                        self.consumer.seek(partition, record.offset)
                        time.sleep(2)
                        break
                self.consumer.commit()
            self.write_commands()
        self.consumer.close()
        self.producer.close()

    def handle(self, value: Optional[bytes], headers: dict[str, bytes]) -> None:
        message_id = headers.get("ce_id", b"").decode()
        if not message_id or self.store.seen(message_id):
            return
        message: Json = json.loads(value or b"{}")
        ticket = message.get("ticketId")  # none in the answer to a command that could not be read
        case = self.store.case(ticket, message.get("assignment")) if ticket else None
        if case:
            commands = [] if message["type"] == "assignment.offered" else decide(case, message, self.office)
        elif message["type"] == "assignment.offered":
            case = Case(message["ticketId"], message["assignment"], message["number"])
            commands = decide(case, message, self.office, self.words(message["content"]))
        else:
            commands = []
        log.info("%s %s: %s", message["type"], ticket, case.status if case else "not a case of ours")
        if message["type"] == "command.refused":
            log.warning("refused: %s", {name: message.get(name) for name in ("command", "reason", "detail", "errors", "position", "state")})
        self.store.keep(message_id, case, commands, time.time(), self.args.work_seconds)

    def words(self, content: Json) -> str:
        """Title and text of an offer. Those of a confidential ticket are fetched, looked at and kept nowhere."""
        if content["kind"] == "fetch":
            with open(self.args.token_file, encoding="utf-8") as file:
                headers = {"authorization": f"Bearer {file.read().strip()}"}
            query = urllib.parse.urlencode({"purpose": "判断是否属于本单位职责"})
            request = urllib.request.Request(f"{self.args.paidan}{content['path']}?{query}", headers=headers)
            try:
                with urllib.request.urlopen(request, timeout=10) as answer:
                    content = json.load(answer)["content"]
            except urllib.error.HTTPError as error:
                if error.code == 403:  # it has gone to another unit meanwhile, as the next messages will say
                    return ""
                raise NotNow(f"{content['path']} answers {error.code}") from error
            except OSError as error:
                raise NotNow(str(error)) from error
        return f"{content['title']}\n{content['text']}"

    def write_commands(self) -> None:
        """Writes what is due. A crash before that is noted down writes it twice, under the same id: harmless."""
        if commands := self.store.due(time.time()):
            topic = f"paidan.commands.{self.args.unit}"
            sent = [self.producer.send(topic, key=body["ticketId"].encode(), value=json.dumps(body).encode()) for body in commands]
            for acknowledgement in sent:
                acknowledgement.get(timeout=60)
            self.store.written(commands)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--unit", required=True, help="code of the unit in Paidan's directory")
    options.add_argument("--brokers", default="127.0.0.1:7092", help="Kafka, host:port[,host:port]")
    options.add_argument("--kafka", default="{}", help="more settings of kafka-python as JSON, e.g. security_protocol and sasl_…")
    options.add_argument("--paidan", default="http://127.0.0.1:7103", help="address of department-handler, for confidential texts")
    options.add_argument("--token-file", default="token", help="file with a token of the unit for that")
    options.add_argument("--officer", default="officer-1", help="who works on the cases, by the department's own id")
    options.add_argument("--approver", default="chief-1", help="who approves replies: another person")
    options.add_argument("--duties", default="duties.json", help="what is this department's own")
    options.add_argument("--work-seconds", type=float, default=0, help="time between signing and replying")
    options.add_argument("--state", default="department.sqlite", help="file in which it remembers")
    options.add_argument("--show", action="store_true", help="print the cases as JSON and end")
    args = options.parse_args()
    store = Store(args.state)
    if args.show:
        return print(json.dumps(store.cases(), ensure_ascii=False))
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("kafka").setLevel(logging.WARNING)
    with open(args.duties, encoding="utf-8") as file:
        office = Office(args.unit, args.officer, args.approver, [Duty(**line) for line in json.load(file)])
    department = Department(args, office, store)
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, lambda *_: setattr(department, "running", False))
    department.run()


if __name__ == "__main__":
    main()
