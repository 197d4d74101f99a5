"""Fixed cards for what documents do not answer: help in danger, where to complain, talk about the service itself.

The numbers are national. Staff may replace each text in 设置.
"""

from collections.abc import Mapping

# Life is at stake: the card stands above an answer too, and no merely nearest passages are shown beside it.
# Those of a life in danger come first.
OF_LIFE = ("danger", "crisis")
EMERGENCIES = (*OF_LIFE, "women", "youth")
# The citizen needs a person: the card stands above an answer too.
HELPS = (*EMERGENCIES, "complaint", "person")
TALK = ("thanks", "goodbye", "who", "ability", "machine", "stored", "insult", "greeting")

# Each text in Chinese and in English.
CARDS: Mapping[str, tuple[str, str]] = {
    "danger": (
        "有人受伤、起火或者正在受害，请马上打电话，先说在哪里，再说出了什么事：报警110，火警119，急救120。",
        "If someone is hurt, attacked or in a fire, call now and first say where you are: "
        "police 110, fire 119, ambulance 120.",
    ),
    "crisis": (
        "您现在一定很难受，请不要一个人扛着。心理援助热线12356全天有人接听；正处在危险中，请马上打120或110，"
        "或者叫一个信得过的人到身边来。",
        "You must be in great pain; please do not carry it alone. 12356 gives emotional support day and night. "
        "In danger, call 120 or 110 now, or ask someone you trust to come.",
    ),
    "women": (
        "正在挨打或者受到威胁，请先到安全的地方，马上打110，受伤打120。妇女维权热线12338会告诉您怎么求助、"
        "怎么留证据、怎么申请人身安全保护令。",
        "If you are being beaten or threatened, get to a safe place and call 110; if you are hurt, 120. "
        "The women’s hotline 12338 tells you how to get help and a protection order.",
    ),
    "youth": (
        "受欺负、挨打、被骚扰，都不是孩子的错。有危险马上打110。青少年服务热线12355会听孩子说，也接家长的电话；"
        "心里难受还可以打12356。",
        "Being bullied, beaten or harassed is never the child’s fault. In danger call 110. The youth hotline 12355 "
        "listens to children and parents; 12356 gives emotional support.",
    ),
    "complaint": (
        "这里只从文件里找答案，收不了投诉和举报。请打政务服务热线12345，会登记、转办、答复；拖欠工资可以打12333；"
        "正在被骗或者有危险，马上打110。",
        "This page only finds answers in documents and takes no complaints. Call the government hotline 12345; "
        "for unpaid wages 12333; if you are being cheated or in danger, 110.",
    ),
    "person": (
        "这里是自动查文件的，没有人工坐席。想和人说，请打政务服务热线12345。",
        "Answers here are looked up by a program; nobody sits behind it. To talk to a person, call 12345.",
    ),
    "thanks": ("不客气。还有想知道的，接着问就行。", "You are welcome. Just ask if there is more."),
    "goodbye": ("再见。以后有想查的，随时来问。", "Goodbye. Come back whenever you have a question."),
    "who": (
        "这里是浙涪问答。您提问，它从公开的文件里找出原文，并注明出处。它是一个查文件的程序，不替任何部门作决定，"
        "一切以文件原文为准。",
        "This is Zhejiang–Fuling Answers. It finds the words of public documents that answer your question and names "
        "the source. It is a program and decides nothing; the documents prevail.",
    ),
    "ability": (
        "文件里写了的事都可以问，例如项目、资金、人才、教育、医疗。一次问一件事，写明时间、地点、名称，最容易找到。"
        "办业务、收投诉，这里做不到。",
        "Ask about anything in the documents: projects, funds, talent, schools, health care. Ask one thing at a time "
        "and name time, place and body. Applications and complaints are not handled here.",
    ),
    "machine": (
        "是程序在回答，不是人。答案是从文件里摘出来的原文。想和人说，请打政务服务热线12345。",
        "A program answers, not a person. Answers are words quoted from documents. To talk to a person, call 12345.",
    ),
    "stored": (
        "提问不用登录，我们不知道您是谁。问题会记下来用来改进服务，身份证、手机等号码先遮住，到期自动删除。"
        "这台设备上的对话只存在您的浏览器里，点“清除记录”就没有了。",
        "You need no account, and we do not know who you are. Questions are kept for a time to improve the service, "
        "numbers of papers and phones masked. Chats on this device stay in your browser until you clear them.",
    ),
    "insult": (
        "没帮上您，很抱歉。请换个说法再问一次，或者打政务服务热线12345找人问。",
        "Sorry that this did not help. Please try other words, or call 12345 to ask a person.",
    ),
    "greeting": (
        "您好，这里是浙涪问答，用文件原文回答浙江与涪陵合作方面的问题。请直接写下想知道的事。",
        "Hello. Ask about the Zhejiang–Fuling cooperation, and read the documents’ own words.",
    ),
}
