"""Files come by the button, by a folder, dropped, pasted; and what the program reads in them stands there at once."""

import re
from pathlib import Path

from playwright.sync_api import FilePayload, expect

from tests.browser.staff.conftest import Desk

# A folder as a browser gives it: within it files, another folder, and what a system leaves there.
FOLDER = """() => {
  const file = (name, text) => ({ isFile: true, name, file: (done) => done(new File([text], name)) });
  const folder = (name, ...within) => ({
    isDirectory: true,
    name,
    createReader: () => ({ readEntries: (done) => done(within.splice(0, 1)) }),
  });
  const dropped = folder("通知", file("井盖.txt", "井盖由城管局修。"), file(".DS_Store", "x"), file("~$井盖.docx", "x"),
    file("Thumbs.db", "x"), file("desktop.ini", "x"),
    folder("旧的", file("路灯.txt", "路灯由城管局修。")));
  const event = new Event("drop", { bubbles: true, cancelable: true });
  event.dataTransfer = { types: ["Files"], files: [], items: [{ webkitGetAsEntry: () => dropped }] };
  document.querySelector("#list").dispatchEvent(event);
}"""
MANY = """() => {
  const data = new DataTransfer();
  data.items.add(new File(["MZ"], "程序.exe"));
  for (let number = 0; number < 204; number += 1) data.items.add(new File(["文"], `第${number}份.txt`));
  document.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true }));
}"""


def test_a_folder_is_chosen_with_all_that_lies_in_it_and_read_at_once(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "办法"
    (folder / "附件").mkdir(parents=True)
    for name, text in (("停车.txt", "停车每小时3元。"), ("附件/月票.txt", "月票每月200元。"), (".DS_Store", "x")):
        (folder / name).write_text(text, encoding="utf-8")
    errand = desk.member("editor")
    page = errand.page
    page.goto(f"{desk.address}/staff/files")
    page.locator("input[webkitdirectory]").set_input_files(folder)
    expect(page.locator("#uploaded li")).to_have_count(2)
    expect(page.locator("#uploaded")).to_contain_text("已上传：停车.txt")
    for words in ("停车每小时3元。", "月票每月200元。"):
        expect(page.locator(".read").filter(has_text=words)).to_be_visible()
    page.get_by_role("link", name="看全文，填标题和有效期").first.click()
    expect(page.locator("#panel .head h2")).to_be_visible()
    assert errand.visit.errors == []


def test_a_folder_is_dropped_with_all_that_lies_in_it(desk: Desk) -> None:
    page = desk.member("editor").page
    page.goto(f"{desk.address}/staff/files")
    page.evaluate(FOLDER)
    expect(page.locator("#uploaded li")).to_have_count(2)
    for name in ("井盖.txt", "路灯.txt"):
        expect(page.locator("#uploaded")).to_contain_text(f"已上传：{name}")


def test_more_files_than_one_upload_holds_go_one_part_after_another(desk: Desk) -> None:
    """A clerk had to choose the two thousand files of a new office two hundred at a time."""
    errand = desk.member("editor")
    page = errand.page
    sent: list[str] = []
    page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
    page.goto(f"{desk.address}/staff/files")
    page.evaluate(MANY)
    expect(page.locator("#uploaded li")).to_have_text([re.compile("^程序.exe：不支持"), "已上传204个文件"])
    stored = list(desk.office.folder.glob("第*份.txt"))
    for path in stored:  # else they stand before what other tests look for
        path.unlink()
    assert len(sent) == 2 and len(stored) == 204 and errand.visit.errors == []


def test_a_file_that_is_too_large_is_told_before_anything_is_sent(desk: Desk) -> None:
    page = desk.member("editor").page
    page.goto(f"{desk.address}/staff/files")
    page.locator("#upload").evaluate("form => { form.dataset.megabytes = '0.001'; }")
    picked = [FilePayload(name=f"{name}.txt", mimeType="text/plain", buffer=b"x" * 1001) for name in ("长", "大")]
    page.locator("input[name=files]").set_input_files(picked)
    expect(page.locator("#trouble")).to_have_text("没有上传：长.txt、大.txt超过0.001 MB。")


def test_a_text_that_could_not_be_read_now_is_read_at_the_next_click(desk: Desk) -> None:
    """A colleague's file is read first, and for a while the program reads no other."""
    page = desk.member("editor").page
    page.goto(f"{desk.address}/staff/files")
    page.route("**/staff/files/text?*", lambda route: route.fulfill(status=400, json={"error": "请稍后再点"}), times=1)
    picked = FilePayload(name="路沿.txt", mimeType="text/plain", buffer="路沿由城管局修。".encode())
    page.locator("input[name=files]").set_input_files([picked])
    expect(page.locator(".read")).to_contain_text("请稍后再点")
    page.get_by_role("button", name="再读一次").click()
    expect(page.locator(".read")).to_contain_text("路沿由城管局修。")
    expect(page.locator(".read")).not_to_contain_text("请稍后再点")
