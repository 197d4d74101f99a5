"""The settings of the service: the web server, its limits, what it keeps of questions, what people may do."""

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

from qa.runtime import logs
from qa.runtime.setting_types import Folder, Names, Number, Sites, Switch, described, one_of


class ServiceSettings(BaseModel):
    """The web server, its limits, what is kept, what citizens and staff may do."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    host: str = described(
        "127.0.0.1",
        "监听的地址；`0.0.0.0` 表示所有网卡。",
        "Address to serve on; `0.0.0.0` is every network card.",
    )
    port: Number = described(
        7860,
        "监听的端口，1 到 65535。",
        "Port to serve on, 1 to 65535.",
        least=1,
        most=65_535,
    )
    allowed_hosts: Names = described(
        (),
        "访问本站所用的其他域名或地址，用逗号分隔；本机名称和 `QA_HOST` 总是允许，其余一律拒绝。",
        "Further host names or addresses the site is reached by, separated by commas. Loopback names and "
        "`QA_HOST` are always accepted, all others refused.",
    )
    proxies: Names = described(
        (),
        "本单位反向代理的地址，用逗号分隔；只有它们通过 `X-Forwarded-For` 说明的来访地址才会被采信，用于限速。",
        "Addresses of our own reverse proxies, separated by commas. Only they are believed when "
        "`X-Forwarded-For` says for whom they call; it is used for the limits.",
    )
    widget_sites: Sites = described(
        (),
        "可以把问答嵌入自己网页的网站，如 `https://www.example.gov.cn`，用逗号分隔；不设则任何网"
        "站都不能嵌入。见 [widget-example.html](widget-example.html)。",
        "Sites that may show the chat in a frame, such as `https://www.example.gov.cn`, separated by commas; unset, "
        "none may. See [widget-example.html](widget-example.html).",
    )
    contact: str = described(
        "",
        "没有答案时请市民到哪里咨询，如电话或办公地点，排在最接近的文件写明的联系部门之后；两者都没有时只说可以向主管部门咨询"
        "。",
        "Where citizens may ask instead when the documents have no answer; it comes after the office that the "
        "nearest documents name. With neither, the page points to the authority in charge.",
    )
    operator: str = described(
        "",
        "主办单位，写在各页最后和“关于本站”（`/about`）里。",
        "Who runs the site; it stands at the end of the pages and on `/about`.",
    )
    accessibility: str = described(
        "",
        "“关于本站”（`/about`）里的无障碍声明；不设就用通用的一段。",
        "Accessibility statement on `/about`; unset, a general one.",
    )
    site_records: str = described(
        "",
        "各页最后的备案号、网站标识码等，用分号分开；ICP备案号和公网安备号自动链接到登记网站。",
        "Lines at the end of the pages, such as filing numbers, separated by semicolons. Those of the ICP and police "
        "registers become links to these.",
    )
    address_per_minute: Number = described(
        60,
        "同一地址每分钟最多提问次数；IPv6 以一个 /64 网段为一个地址；`0` 为不限。手机网络常有许多人共用一个地址"
        "，不宜太小。",
        "Questions a minute from one address, of IPv6 from one /64 network; `0`: no limit. Many phones share one "
        "address, so it should not be small.",
        least=0,
        most=1_000_000,
    )
    address_connections: Number = described(
        200,
        "同一地址（IPv6 为同一 /64 网段）同时保持的连接最多几个；`0` 为不限。本机和 `QA_PROXIES` "
        "里的反向代理不受此限：由代理自己限制。",
        "Connections that one address (of IPv6: one /64 network) may hold at once; `0`: no limit. This machine "
        "and the proxies of `QA_PROXIES` are exempt and set a limit of their own.",
        least=0,
        most=1_000_000,
    )
    session_per_minute: Number = described(
        12,
        "同一个打开的页面每分钟最多提问次数；`0` 为不限。",
        "Questions a minute from one open page; `0`: no limit.",
        least=0,
        most=1_000_000,
    )
    kept_replies: Number = described(
        1000,
        "记住多少个回答，同样的问题（同一索引、同样的上文）直接给出；`0` 为不记。",
        "How many replies are remembered for the same question on the same index after the same turns; `0`: none.",
        least=0,
        most=1_000_000,
    )
    log_days: Number = described(
        180,
        "问答记录保存的天数，过期自动删除；网页上做的备份和恢复时另存的旧内容，做好满这些天后也自动删除。记录里没有地址，个人"
        "号码已遮盖（姓名、住址识别不出来）。",
        "Days that questions and replies are kept in the log; backups made on the page and what a restore put "
        "aside go so many days after they were made. It holds no address, and personal numbers are masked; names "
        "and places are not noticed.",
        least=1,
        most=10_000,
    )
    log_format: Annotated[str, BeforeValidator(one_of(logs.FORMATS))] = described(
        "text",
        "服务写到标准错误输出的日志格式：`text` 每行有时间、级别和来源，`json` 每行一个 JSON 对象。日志里"
        "没有市民的话和地址。",
        "How the server logs on standard error: `text`, with time, level and logger on every line, or `json`, "
        "one object a line. It holds no words and no addresses of citizens.",
    )
    metrics_from: Names = described(
        (),
        "哪些地址可以读取 `/metrics`（Prometheus 格式的运行指标），用逗号分隔；不设则没有这个页面。"
        "见 [operations.md](operations.md)。",
        "Addresses that may read `/metrics`, figures for Prometheus, separated by commas; unset, there is no such "
        "page. See [operations.md](operations.md).",
    )
    docs_site: Folder | None = described(
        None,
        "说明文档做成的网站（`make docs` 写在 `var/docs-site`），在 `/docs-site/` 供阅读；不设则没有这个页面。",
        "The documentation as a site (`make docs` writes it to `var/docs-site`), shown at `/docs-site/`; unset, there "
        "is no such page.",
    )
    drain_seconds: Number = described(
        0,
        "收到停止信号后还照常回答多少秒：其间 `/readyz` 返回 503，让前面的负载均衡先换走流量；0 表示立即停止接收。",
        "Seconds that the server goes on answering after a signal to stop; `/readyz` says 503 meanwhile, so that a "
        "balancer in front sends visitors elsewhere first. 0 takes no new questions at once.",
        least=0,
        most=600,
    )
    share_days: Number = described(
        90,
        "分享链接的有效天数。",
        "Days that a shared link works.",
        least=1,
        most=10_000,
    )
    four_eyes: Switch = described(
        True,
        "人工答案、检验题的改动、检验不合格仍要发布、停止引用后改过的文件恢复引用，是否必须由另一个人同意：`yes` 或 "
        "`no`。只有一个人能审核的单位可以设为 `no`，一个人就能定，页面上会注明。",
        "Whether another person has to agree to a reviewed answer, to a change of a golden question, to publishing in "
        "spite of them and to quoting a withdrawn document again that was changed: `yes` or `no`. An office with a "
        "single publisher may say `no`; the page says so.",
    )
    offer_files: Switch = described(
        False,
        "是否允许市民下载文件的原件：`yes` 或 `no`。",
        "Whether citizens may download the original files: `yes` or `no`.",
    )
