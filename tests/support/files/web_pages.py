"""Saved pages of government sites in their usual forms: what has to be read of each, and what belongs to the site."""
# ruff: noqa: E501  # lines of HTML

from collections.abc import Mapping, Sequence

Page = tuple[str, Sequence[str], Sequence[str]]

PAGES: Mapping[str, Page] = {
    "menus_left_and_above": (
        '<html><head><title>关于做好2025年灵活就业社保补贴申报工作的通知-平江区人力资源和社会保障局</title></head><body><div id="header"><div class="logo"><a href="/">平江区人力资源和社会保障局</a></div>'
        '<div class="nav"><a href=1>首页</a> <a href=2>机构概况</a> <a href=3>通知公告</a> <a href=4>政策法规</a> <a href=5>办事大厅</a></div>'
        '</div><div class="bread">您现在的位置：<a>首页</a> > <a>通知公告</a> > 正文</div>'
        '<div class="wrap"><div class="left"><h3>栏目导航</h3><ul><li><a>工作动态</a></li><li><a>通知公告</a></li><li><a>人事信息</a></li><li><a>招考信息</a></li></ul></div>'
        '<div class="right"><h1>关于做好2025年灵活就业社保补贴申报工作的通知</h1><div class="info">来源：区就业中心 发布时间：2025-03-02 10:20 点击数：1203</div>'
        '<div class="TRS_Editor"><p>各街道办事处：</p>'
        "<p>2025年灵活就业人员社会保险补贴申报时间为3月10日至4月30日，逾期不予受理。</p>"
        "<p>一、补贴对象</p>"
        "<p>就业困难人员和离校两年内未就业的高校毕业生。</p>"
        "<p>咨询电话：0512-6700</p>"
        '<p>附件：1.<a href="a.doc">申报表.doc</a> 2.<a href="b.xls">花名册.xls</a> 3.<a href="c.pdf">填表说明.pdf</a></p>'
        "</div>"
        '<div class="share">分享到：<a>微信</a><a>微博</a><a>空间</a></div>'
        "<div>上一篇：<a>关于春节放假的通知</a></div>"
        "<div>下一篇：<a>招聘会公告</a></div>"
        "</div></div>"
        '<div class="footer"><p><a>网站地图</a> | <a>联系我们</a> | <a>设为首页</a></p>'
        "<p>主办单位：平江区人社局 ICP备05001234号</p>"
        "<p>电话：0512-9999 地址：平江路8号</p>"
        "</div>"
        "</body></html>",
        ["各街道办事处", "3月10日至4月30日", "补贴对象", "就业困难人员", "0512-6700", "申报表", "花名册"],
        ["首页", "栏目导航", "工作动态", "春节放假", "招聘会公告", "0512-9999", "微博", "网站地图"],
    ),
    "laid_out_by_tables": (
        "<html><head><title>xx</title></head><body><table width=100%><tr><td><a>首页</a></td><td><a>要闻</a></td><td><a>公开</a></td><td><a>服务</a></td><td><a>互动</a></td></tr></table><table width=1000><tr><td width=200 valign=top><table><tr><td><a>政策文件</a></td></tr><tr><td><a>政策解读</a></td></tr><tr><td><a>财政信息</a></td></tr><tr><td><a>人事任免</a></td></tr></table></td><td><table><tr><td align=center><font size=5>石桥镇2025年农村道路养护公告</font></td></tr><tr><td align=center>发布时间：2025年4月1日 作者：镇交通办</td></tr><tr><td><p>石桥镇对辖区42公里农村道路进行春季养护。<br>养护期间实行半幅通行，请过往车辆减速慢行。</p>"
        "<p>养护时间为4月10日至5月20日。</p>"
        "</td></tr></table></td></tr></table><table width=100%><tr><td align=center>版权所有：石桥镇人民政府 技术支持：某某公司 电话 87650000</td></tr></table></body></html>",
        ["农村道路养护公告", "42公里", "4月10日至5月20日", "半幅通行"],
        ["要闻", "政策解读", "人事任免", "87650000"],
    ),
    "shorter_than_its_surroundings": (
        '<html><head><title>停水通知_清水街道</title></head><body><div class="menu"><a>首页</a><a>新闻</a><a>公告</a><a>服务</a></div>'
        '<div class="con"><h2>停水通知</h2><p>明天8时至17时，滨河路片区停水。</p>'
        "<p>抢修电话：5551234</p>"
        "</div>"
        '<div class="hot"><h4>热门推荐</h4><ul><li><a>清水街道开展消防演练活动</a></li><li><a>清水街道举办老年运动会</a></li><li><a>清水街道垃圾分类成效</a></li></ul></div>'
        '<div class="foot">主办：清水街道办事处 承办：信息中心 总机：5550000 ICP备1号</div>'
        "</body></html>",
        ["停水通知", "滨河路片区停水", "5551234"],
        ["热门推荐", "消防演练", "5550000", "新闻"],
    ),
    "table_of_particulars": (
        "<html><head><title>罗田县人民政府关于印发养老服务办法的通知</title></head><body><header><a>罗田县人民政府</a><form><input type=text placeholder=搜索></form><ul><li><a>首页</a><li><a>政务</a><li><a>服务</a><li><a>数据</a></ul></header><div class=path>当前位置：<a>首页</a>&gt;<a>政府文件</a></div>"
        '<table class=zn><tr><td>索引号</td><td>0123-2025-001</td><td>发文机关</td><td>罗田县人民政府</td></tr><tr><td>文号</td><td>罗政发〔2025〕3号</td><td>成文日期</td><td>2025-02-03</td></tr></table><div class=article><p style="text-align:center">罗田县人民政府关于印发养老服务办法的通知</p>'
        "<p>第一条 为了发展养老服务，制定本办法。</p>"
        "<p>第二条 居家养老服务补贴标准为每人每月三百元。</p>"
        "<p>第三条 本办法由县民政局负责解释。</p>"
        "</div>"
        "<div class=xg><div>相关文件：</div>"
        "<ul><li><a>罗田县人民政府关于印发养老机构管理办法的通知</a></li><li><a>罗田县养老服务设施规划的通知</a></li><li><a>养老服务办法政策解读</a></li></ul></div>"
        "<footer><p>地址：罗田县大道1号 邮编：438600 电话：0713-5050</p>"
        "<p>网站标识码：4211230001 鄂公网安备42112302000001号</p>"
        "</footer></body></html>",
        ["罗政发〔2025〕3号", "每人每月三百元", "负责解释", "成文日期"],
        ["政务", "当前位置", "养老机构管理办法", "0713-5050", "网站标识码"],
    ),
    "ordered_list": (
        "<html><head><title>办事指南</title></head><body><div id=nav><ul><li><a>首页</a></li><li><a>指南</a></li><li><a>查询</a></li></ul></div>"
        "<div id=main><h1>居住证办理指南</h1><h2>申请材料</h2><ol><li>身份证原件</li><li>一寸照片</li><li>居住证明</li></ol><h2>办理流程</h2><p>到社区窗口提交材料，十五个工作日内领取。</p>"
        "<h2>收费标准</h2><p>首次办理免费，补办二十元。</p>"
        "<p>办理地点见<a href=x>政务服务中心网点一览</a>。</p>"
        "</div>"
        "<div id=side><h3>常用链接</h3><a>国务院</a> <a>省政府</a> <a>市政府</a> <a>公安部</a></div>"
        "</body></html>",
        ["居住证办理指南", "身份证原件", "一寸照片", "十五个工作日", "补办二十元", "网点一览"],
        ["常用链接", "省政府", "查询"],
    ),
}
