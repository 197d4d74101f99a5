"""The words of the page in its three languages. Quoted text is never translated."""

from collections.abc import Mapping
from functools import cache

from corpus.text.normalise import converted
from qa.answering import replies
from qa.answering.question.analysis import Question
from qa.answering.screening.cards import CARDS

SIMPLIFIED, TRADITIONAL, ENGLISH = "zh-CN", "zh-TW", "en"
LANGUAGES = (SIMPLIFIED, TRADITIONAL, ENGLISH)

# Simplified Chinese and English; Traditional is converted from Simplified.
WORDS: Mapping[str, tuple[str, str]] = {
    # The top of the page.
    "title": ("浙涪问答", "Zhejiang–Fuling Answers"),
    "tagline": (
        "浙江与涪陵合作的事，用文件原文回答",
        "Questions about the Zhejiang–Fuling partnership, answered in the documents’ own words",
    ),
    "promise": (
        "项目、资金、人才、民生等都可以问。每个答案都是文件原文并注明出处；文件里没有的，我们会直说，也不受理办事和投诉。"
        "请不要写个人信息：证件、银行卡、电话等号码会被拦下，姓名、住址和自己的经历识别不出来。",
        "Ask about projects, funding, jobs, schools or health care. Every answer is quoted from the documents, in "
        "Chinese, with its source; if they do not say, we tell you so. We cannot process applications or complaints. "
        "Please leave out personal details: ID, bank card and phone numbers are blocked, but names, addresses and "
        "personal stories are not recognised.",
    ),
    "as_of": ("文件更新至", "Documents as of"),
    "skip": ("跳到提问框", "Skip to the question box"),
    "language": ("语言", "Language"),
    "size": ("字号", "Text size"),
    "size_0": ("标准字号", "Normal text"),
    "size_1": ("大字号", "Large text"),
    "size_2": ("特大字号", "Largest text"),
    "dark": ("深色", "Dark"),
    "elder": ("长辈版", "Large and plain"),
    "new_chat": ("新对话", "New chat"),
    "clear": ("清除记录", "Clear history"),
    "clear_sure": ("清除这台设备上的全部提问记录？", "Clear all questions kept on this device?"),
    "yes": ("清除", "Clear"),
    "no": ("保留", "Keep"),
    "cleared": ("提问记录已清除。", "The history is cleared."),
    "earlier_chats": ("以前的对话", "Earlier chats"),
    "search_chats": ("在以前的对话中查找", "Search earlier chats"),
    "no_chat_found": ("没有包含这些字的对话。", "No chat holds these words."),
    "rename": ("改名", "Rename"),
    "rename_to": ("新的名称", "New name"),
    "keep_name": ("保存名称", "Keep name"),
    "remove": ("删除", "Delete"),
    "remove_sure": ("删除这个对话？", "Delete this chat?"),
    "removed": ("对话已删除。", "The chat is deleted."),
    "save_chats": ("保存为文件", "Save as a file"),
    "try": ("可以这样问", "You could ask"),
    # Asking.
    "question": ("您的问题", "Your question"),
    "placeholder": ("请输入您的问题", "Type a question"),
    "send": ("提问", "Ask"),
    "stop": ("停止", "Stop"),
    "speak": ("语音输入", "Speak"),
    "speak_stop": ("说完了", "Done"),
    "speak_now": ("请说出您的问题。", "Say your question."),
    "speak_denied": (
        "浏览器没有得到使用麦克风的许可，请在浏览器设置里允许，或者打字提问。",
        "The browser may not use the microphone. Allow it in the browser’s settings, or type your question.",
    ),
    "speak_failed": ("没有听清，请再说一遍，或者打字提问。", "That was not understood. Say it again, or type it."),
    "left": ("还可以输入的字数：", "Characters left:"),
    "over": ("超出的字数：", "Characters too many:"),
    "searching": ("正在查找答案……", "Looking for the answer …"),
    "stopped": ("已停止，您的问题还在输入框里。", "Stopped. Your question is still in the box."),
    "lost": (
        "没有连上服务，您的问题还在输入框里，请稍后再试。",
        "The service cannot be reached. Your question is still in the box; please try again later.",
    ),
    "refused": (
        "服务暂时不能回答，您的问题还在输入框里，请稍后再试。",
        "The service cannot answer now. Your question is still in the box; please try again later.",
    ),
    # Replies.
    "asked": ("您的问题", "Your question"),
    "understood": ("我的理解：", "Understood as: "),
    "answer": ("回答", "Answer"),
    "missing": ("文件中没有写到：", "Not in the documents: "),
    "colon": ("：", ": "),
    "sources": ("出处", "Sources"),
    "made_reviewed": (
        "人工审核：由工作人员撰写并审核，依据见下列原文",
        "Reviewed by staff: written and checked by people, from the source quoted here",
    ),
    "made": ("原文摘录，不是人工智能编写", "Quoted word for word, not written by AI"),
    "retells": ("这份文件是转述，原件是：", "This document retells: "),
    "taken_from": ("来源：", "Source: "),
    # Written answers.
    "ai": ("AI 生成", "Written by AI"),
    "ai_switch": ("另请 AI 写一段回答", "Also have AI write an answer"),
    "ai_writing": ("AI 正在编写，每句核对后才显示……", "AI is writing; each sentence is checked before it is shown …"),
    "ai_made": (
        "AI 生成，每句都与所注文件核对过；下面是文件原文，以原文为准",
        "Written by AI, each sentence checked against its source; the documents’ own words below prevail",
    ),
    "ai_left_out": ("没有通过核对而略去的句子：", "Sentences left out because they failed the check: "),
    "ai_stopped": ("已停止编写，下面是文件原文。", "Writing was stopped. The documents’ own words are below."),
    "ai_resting": ("AI 服务暂时不可用，现在只显示文件原文。", "AI is not available now. Answers are quoted only."),
    "ai_down": ("AI 服务没有回应，这里只显示文件原文。", "AI did not respond. The answer is quoted only."),
    "ai_broken": ("AI 没有写完，这里只显示文件原文。", "AI did not finish. The answer is quoted only."),
    "ai_busy": ("现在请 AI 编写的人较多，这里只显示文件原文。", "AI is busy. The answer is quoted only."),
    "ai_unsupported": (
        "AI 写的内容没有通过核对，这里只显示文件原文。",
        "What AI wrote failed the check. The answer is quoted only.",
    ),
    "ai_nothing": ("AI 没有可写的内容，这里只显示文件原文。", "AI had nothing to write. The answer is quoted only."),
    "no_answer": ("没有找到答案", "No answer found"),
    "not_said": ("文件没有说。", "The documents do not say."),
    "no_direct": ("没有直接的答案。最接近的原文：", "No direct answer. The nearest words in the documents:"),
    "keyword": ("文件里写到它的地方：", "Where the documents speak of it:"),
    "help": ("请马上找人帮忙", "People who can help"),
    "by_topic": ("按主题看文件", "Browse the documents by topic"),
    "rejected": ("请换一种问法", "Please ask in another way"),
    "out_of_force": ("注意：此件", "Not in force: "),
    "see_source": ("在原文中查看", "See it in the document"),
    "contact": ("找人问", "Ask a person"),
    "dial_110": ("报警", "Police"),
    "dial_119": ("火警", "Fire"),
    "dial_120": ("急救", "Ambulance"),
    "dial_12333": ("人社热线", "Labour and social security"),
    "dial_12338": ("妇女维权", "Women’s hotline"),
    "dial_12345": ("政务服务热线", "Government hotline"),
    "dial_12355": ("青少年服务", "Youth hotline"),
    "dial_12356": ("心理援助", "Emotional support"),
    "unavailable": ("暂时不能回答", "Not available now"),
    "busy": ("现在提问的人较多，请过一会儿再试。", "Many people are asking now. Please try again in a moment."),
    "too_fast": ("您问得有点快，请等几秒再问。需要等待的秒数：", "That was a little fast. Seconds to wait: "),
    "paused": ("服务暂停", "The service is paused"),
    "related": ("还可以接着问", "You could go on to ask"),
    "instead": ("您是不是想问", "Did you mean"),
    "which": ("您问的是", "Do you mean "),
    "or": ("还是", " or "),
    "which_end": ("？", "?"),
    "asked_alone": ("只问这一份：", "Asked of this document alone: "),
    # What can be done with a reply.
    "copy": ("复制", "Copy"),
    "copied": ("已复制，含出处", "Copied with its sources"),
    "helpful": ("有帮助", "Helpful"),
    "unhelpful": ("没帮助", "Not helpful"),
    "thanks": ("谢谢您的反馈。", "Thank you for telling us."),
    "why": ("哪里不好？（可多选，可不选）", "What was wrong? (optional)"),
    "why_wrong": ("答非所问", "Not what I asked"),
    "why_incomplete": ("不完整", "Incomplete"),
    "why_outdated": ("已过时", "Out of date"),
    "why_unclear": ("看不懂", "Hard to understand"),
    "why_untrue": ("内容有误", "Not true"),
    "comment": ("想补充的话（请不要写个人信息）", "Anything to add (no personal data, please)"),
    "submit": ("提交", "Send"),
    "cancel": ("取消", "Cancel"),
    "failed": ("没有成功，请稍后再试。", "That did not work. Please try again later."),
    "share": ("分享", "Share"),
    "shared": ("链接已复制，知道链接的人都能看到这一问一答：", "Link copied. Whoever has it can read this answer: "),
    "print": ("打印", "Print"),
    "aloud": ("朗读", "Read aloud"),
    "quiet": ("停止朗读", "Stop reading"),
    # The document beside the chat.
    "viewer": ("文件原文", "The document"),
    "close": ("关闭", "Close"),
    "previous": ("上一处", "Previous"),
    "next": ("下一处", "Next"),
    "opening": ("正在打开文件……", "Opening the document …"),
    "not_opened": ("文件没有打开，请稍后再试。", "The document could not be opened. Please try again later."),
    "download": ("下载原文件", "Download the file"),
    "page": ("第{}页", "Page {}"),
    "changed": (
        "这份文件后来有改动，下面是回答当时所依据的内容。",
        "This document has changed since. Below is the text that was quoted.",
    ),
    "withdrawn": (
        "这份文件后来已撤下，下面是回答当时所依据的内容。",
        "This document has been withdrawn since. Below is the text that was quoted.",
    ),
    "since_changed": ("回答之后，这份文件有改动。", "this document has changed since the answer."),
    "since_withdrawn": ("回答之后，这份文件已撤下。", "this document has been withdrawn since the answer."),
    "gone": (
        "回答当时的版本已不再保存，下面是现在的文件，没有标出引文。",
        "The version that was quoted is no longer kept. Below is the document of today, with nothing marked.",
    ),
    # Pages of their own.
    "not_found": ("没有这个页面", "There is no such page"),
    "not_found_why": (
        "链接可能不完整，或者已经过期。",
        "The link may be incomplete or may have expired.",
    ),
    "fault": ("服务出了问题，请稍后再试。", "Something went wrong on our side. Please try again later."),
    "undated": ("文件没有写日期", "The document gives no date"),
    "to_chat": ("去提问", "Ask a question"),
    "search_documents": ("在文件里找一个词", "Search the documents"),
    "search": ("查找", "Search"),
    "nothing_found": ("文件里没有找到，请换一个词。", "Nothing was found. Please try another word."),
    "about": ("关于本站", "About this site"),
    "operator": ("谁在办", "Who runs it"),
    "operator_unset": ("主办单位还没有写在这里。", "The office that runs this site has not been named here yet."),
    "privacy": ("您的提问怎样保存", "What is kept of your questions"),
    # Before and after the number of days; no space is added to them.
    "privacy_line": ("提问遮住号码后保存", "Questions are kept with numbers masked, and deleted after "),
    "days": ("天，到期删除。", " days."),
    "privacy_kept": (
        "提问不用登录。记下的是问题、回答、时间和您给的评价，用来改进服务；证件、银行卡、电话等号码先遮住。不记下网络地址。"
        "这台设备上的对话只存在您的浏览器里。语音输入由浏览器识别，声音可能传给浏览器的厂商，不传给我们。",
        "No account is needed. Kept are question, reply, time and what you said of it, to improve the service; numbers "
        "of papers, cards and phones are masked first. Network addresses are not kept. Chats stay in your browser. "
        "Speech is recognised by the browser: its maker may hear it, we do not.",
    ),
    "privacy_delete": (
        "想提前删除，请打上面的电话，告诉我们用“分享”得到的链接，或提问的时间和内容。浏览器里的对话可以点“清除记录”删掉。",
        "To have a question deleted earlier, call a number above and give the link that “Share” made, or say when and "
        "what you asked. Chats in your browser go with “Clear history”.",
    ),
    "accessibility": ("无障碍", "Accessibility"),
    "accessible": (
        "本站可以只用键盘操作，可以放大字号、朗读答案，文字对比度达到7∶1。遇到用不了的地方，请打上面的电话告诉我们。",
        "This site works with the keyboard alone, with large text and read aloud; contrast is 7:1. Please call a "
        "number above where something does not work for you.",
    ),
    "shared_on": ("分享的问答，回答于", "A shared answer, given on"),
    "tell_us": ("告诉我们没答好", "Tell us this did not help"),
    "told_us": ("已告诉工作人员，谢谢您。", "Staff have been told. Thank you."),
    # Why there is no answer.
    **{f"card_{name}": said for name, said in CARDS.items()},
    **{f"reason_{reason}": (text, replies.ABSTAINED_ENGLISH[reason]) for reason, text in replies.ABSTAINED.items()},
}


@cache
def words(language: str) -> Mapping[str, str]:
    """Return all words in one of `LANGUAGES`."""
    if language == ENGLISH:
        return {key: english for key, (_, english) in WORDS.items()}
    if language == TRADITIONAL:
        return {key: as_traditional(simplified) for key, (simplified, _) in WORDS.items()}
    return {key: simplified for key, (simplified, _) in WORDS.items()}


def as_traditional(text: str) -> str:
    """Return a text of the page in the Traditional characters of Taiwan."""
    return converted(text, "s2tw")


def word(key: str) -> str:
    """Return a word in Simplified Chinese, in which the page is made; the browser replaces it in other languages."""
    return WORDS[key][0]


def preferred(accepted: str) -> str:
    """Return the language for an `Accept-Language` header: the first one known, else Simplified Chinese."""
    for part in accepted.split(","):
        tag = part.partition(";")[0].strip().lower()
        if tag.startswith("zh"):
            traditional = any(region in tag for region in ("hant", "tw", "hk", "mo"))
            return TRADITIONAL if traditional else SIMPLIFIED
        if tag.startswith("en"):
            return ENGLISH
    return SIMPLIFIED


def spoken(question: str) -> str:
    """Return the language in which a question is answered, and so of the words of the page around its reply."""
    if not replies.is_chinese(question):
        return ENGLISH
    return TRADITIONAL if Question.of(question).traditional else SIMPLIFIED


def beside(language: str, page: str) -> str:
    """Return the language of the words around a reply on a page; a page in Traditional characters stays in them."""
    return page if (language, page) == (SIMPLIFIED, TRADITIONAL) else language


def all_words() -> Mapping[str, Mapping[str, str]]:
    """Return all words in each of `LANGUAGES`."""
    return {language: words(language) for language in LANGUAGES}
