"""What the department remembers, in one SQLite file: messages seen, cases, commands that are still to be written."""

import json
import sqlite3
from dataclasses import asdict
from typing import Optional

from casework import Case, Command, Json

TABLES = """
create table if not exists seen (id text primary key, at real not null);
create table if not exists cases (ticket text, assignment integer, body text not null, primary key (ticket, assignment));
create table if not exists commands (id text primary key, ticket text, assignment integer, body text, due real, written integer default 0);
"""
REMEMBERED = 40 * 24 * 3600  # seconds; longer than messages stay on the topic
PAUSE = 60


class Store:
    def __init__(self, path: str) -> None:
        self.db = sqlite3.connect(path)
        self.db.executescript(TABLES)

    def seen(self, message_id: str) -> bool:
        return self.db.execute("select 1 from seen where id = ?", (message_id,)).fetchone() is not None

    def case(self, ticket: str, assignment: Optional[int]) -> Optional[Case]:
        """The case; without the assignment's number the latest of the ticket."""
        query = "select body from cases where ticket = ? and assignment = coalesce(?, assignment) order by assignment desc"
        row = self.db.execute(query, (ticket, assignment)).fetchone()
        return Case(**json.loads(row[0])) if row else None

    def cases(self) -> list[Json]:
        return [json.loads(body) for (body,) in self.db.execute("select body from cases order by ticket, assignment")]

    def keep(self, message_id: str, case: Optional[Case], commands: list[Command], now: float, work_seconds: float) -> None:
        """All that a message led to, in one transaction: it is kept whole, or the message comes again."""
        with self.db:
            self.db.execute("delete from seen where at < ?", (now - REMEMBERED,))
            self.db.execute("insert into seen values (?, ?)", (message_id, now))
            if case is None:
                return
            place = (case.ticket, case.assignment)
            self.db.execute("insert or replace into cases values (?, ?, ?)", (*place, json.dumps(asdict(case), ensure_ascii=False)))
            if case.status == "over":
                self.db.execute("delete from commands where ticket = ? and assignment = ? and not written", place)
            for command in commands:
                row = (command.body["commandId"], *place, json.dumps(command.body), now + work_seconds * command.after_work)
                if command.again:
                    self.db.execute("update commands set written = 0, due = ? where id = ?", (now + PAUSE, row[0]))
                else:  # a command that was asked for twice is written once
                    self.db.execute("insert or ignore into commands (id, ticket, assignment, body, due) values (?, ?, ?, ?, ?)", row)

    def due(self, now: float) -> list[Json]:
        rows = self.db.execute("select body from commands where not written and due <= ? order by due, rowid limit 100", (now,))
        return [json.loads(body) for (body,) in rows]

    def written(self, commands: list[Json]) -> None:
        with self.db:
            self.db.executemany("update commands set written = 1 where id = ?", [(command["commandId"],) for command in commands])
