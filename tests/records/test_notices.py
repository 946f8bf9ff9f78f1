"""Which records were written is told to other processes, in notices that PostgreSQL takes."""

from salesmode.records.notices import notice, read_notice


def test_notices_say_what_was_written() -> None:
    written = [("customer", f"01a206c2-c5ac-71fb-afaf-{at:012}", at) for at in range(1000)]
    step = notice(written)
    (texts,) = step.arguments
    assert isinstance(texts, list)
    assert max(len(each) for each in texts) < 8000
    assert len(texts) < 10
    assert [each for text in texts for each in read_notice(text)] == written
