"""Web pages whose words a browser shows or hides; what is hidden begins with 密."""

from collections.abc import Iterator

_PAGE = (
    "<!doctype html><html><head><meta charset=utf-8><title>关于开放时间的公告</title><style>{style}</style></head>"
    "<body><h1>关于开放时间的公告</h1><p>为方便群众办事，现将有关事项公告如下，请互相转告，按照规定的时间和地点办理。</p>"
    "{body}</body></html>"
)
_SAMPLES = {
    "spans": (
        "",
        "<table border=1><tr><th rowspan=2>场馆</th><th colspan=2>票价</th></tr><tr><th>成人</th><th>儿童</th></tr>"
        "<tr><td>泳池</td><td>30</td><td>15</td></tr><tr><td>球馆</td><td colspan=2>免费</td></tr></table>",
    ),
    "nested": (
        "",
        "<table border=1><tr><td>甲馆</td><td><table border=1><tr><td>上午</td><td>9:00</td></tr><tr><td>下午</td>"
        "<td>14:00</td></tr></table></td></tr><tr><td>乙馆</td><td>全天</td></tr></table>",
    ),
    "caption": (
        "",
        "<table border=1><caption>表1 班次</caption><thead><tr><th>线路</th><th>首班</th></tr></thead><tfoot><tr>"
        "<td>合计</td><td>2班</td></tr></tfoot><tbody><tr><td>1路</td><td>6:10</td></tr></tbody></table>",
    ),
    "numbers": (
        "",
        "<ol><li>身份证</li><li>户口簿</li></ol><ol start=4><li>照片</li></ol>"
        "<ol type=A><li>公交</li><li>地铁</li></ol><ol type=i><li>上午</li><li>下午</li></ol>",
    ),
    "definitions": ("", "<dl><dt>电话</dt><dd>6612345</dd><dt>地址</dt><dd>滨江路8号</dd></dl>"),
    "boxes": ("", "<p><input type=checkbox checked>同意　<input type=checkbox>不同意</p>"),
    "added": (
        ".p::after{content:'元'} .n li::before{content:'※'} dt:after{content:'\\FF1A'} .s:hover::after{content:'密甲'} "
        ".i::before{content:'\\201C'} .k::after{content:'密乙';display:none}",
        "<p>门票<b class=p>20</b>，儿童<b class='p k'>5</b>。</p><ul class=n style='list-style:none'><li>团体另议</ul>"
        "<dl><dt>电话<dd>6612345</dl><p class=s>详情见公告栏。</p><p class=i>先到先得。</p>",
    ),
    "typed": (
        ".no{display:none}",
        "<table border=1><tr><td>姓名<td><input value=冯小满><td>性别<td>"
        "<select><option>密甲<option selected>女</select>"
        "<tr><td>住址<td><input type=text value=河街3号><td>说明<td><textarea>已退休</textarea></table>"
        "<input type=hidden value=密乙><input class=no value=密丙><p>以上由本人填写。</p>",
    ),
    "drawn": (
        "",
        "<p>各窗口如下。</p><svg width=300 height=90><title>密甲</title><defs><text>密乙</text></defs>"
        "<text x=5 y=20>一号窗口</text><g transform='translate(0 30)'><text x=5 y=20><tspan>社保</tspan>办理</text></g>"
        "<g display=none><text x=5 y=70>密丙</text></g></svg><p>请先取号。</p>",
    ),
    "struck": ("", "<p>票价<s>20元</s>现为15元，<ins>儿童免费</ins>，面积12km<sup>2</sup>。</p>"),
    "preformatted": ("", "<pre>一号窗口  9:00\n二号窗口  10:00</pre>"),
    "breaks": ("", "<p>第一行<br>第二行<br/>第三行</p><div>甲<span>乙</span>丙</div>"),
    "columns": (".c{column-count:2}", "<div class=c><p>东区周一开放。</p><p>南区周三开放，收费两元。</p></div>"),
    "side_by_side": (
        ".r{display:flex} .r div{width:120px}",
        "<div class=r><div>服务项目</div><div>电话</div></div><div class=r><div>户籍</div><div>6612000</div></div>",
    ),
    "screens": ("@media (max-width:1px){.m{display:none}} @media screen{.s{color:red}}", "<p class=m>全年开放。</p>"),
    "entities": ("", "<p>A&amp;B公司&nbsp;&lt;甲级&gt; 30&#8451; &yen;20</p>"),
    "explained": ("", "<p><abbr title='密甲'>GDP</abbr>增长5%，<a href='#' title='密乙'>详情</a>。</p>"),
    "hidden": (
        ".a{display:none} .b{visibility:hidden} #c{font-size:0} p.e{position:absolute;left:-9999px}"
        ".h{clip-path:inset(100%);position:absolute} .j{color:transparent} .k{transform:scale(0)}",
        "<p class=a>密甲</p><p class=b>密乙</p><p id=c>密丙</p><p class=e>密丁</p><p class=h>密戊</p>"
        "<p class=j>密己</p><p class=k>密庚</p><p hidden>密辛</p><template>密壬</template><dialog>密癸</dialog>"
        "<p aria-hidden=true>照常。</p>",
    ),
    "white": (
        "td.x{color:white} td.y{color:#fff;background:#060} .dark{background-color:navy} .dark p{margin:0}",
        "<table border=1><tr><td>项目</td><td>费用</td></tr><tr><td class=y>洗车</td><td class=y>20元</td></tr>"
        "<tr><td class=x>密甲</td><td class=x>密乙</td></tr></table>"
        "<div class=dark><p style='color: #FFFFFF'>夜间停开。</p></div><p><font color=white>密丙</font>周一休息。</p>",
    ),
    "white_below_others": (
        ".runtime_settings th{background:#036} th{color:#fff} em{color:white}",
        "<div class=board><table border=1><tr><th>窗口</th><th>电话</th></tr><tr><td>一号</td><td>6612001</td></tr>"
        "</table></div><p style='color:#fff;background:#fff'>"
        "密甲<b style='color:black'>须预约。</b>密乙<em>密丙</em></p>",
    ),
}


def web_samples() -> Iterator[tuple[str, bytes]]:
    """Names and pages."""
    for name, (style, body) in _SAMPLES.items():
        yield name, _PAGE.format(style=style, body=body).encode()
