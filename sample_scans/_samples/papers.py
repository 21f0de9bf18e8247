"""What the papers of the sample batches say. All of it is invented: offices, places, sums and people."""

from dataclasses import dataclass
from datetime import date

from ybda_qc.synth import Wording

OFFICE = "驻外联络组办公室"


@dataclass(frozen=True, kw_only=True)
class Paper:
    """An official paper 公文: what its record in the catalogue says, and its words."""

    title: str
    number: str
    day: date
    addressee: str = ""
    paragraphs: tuple[str, ...] = ()
    has_letterhead: bool = True
    overleaf: tuple[str, ...] = ()  # with the signature, on the second page
    author: str = OFFICE

    def first_page(self) -> Wording:
        """Number, title and text; signed if nothing follows overleaf."""
        signed = not self.overleaf
        return Wording(
            letterhead=f"{self.author}文件" if self.has_letterhead else "",
            number=self.number,
            title=self.title,
            addressee=self.addressee,
            paragraphs=self.paragraphs,
            signature=self.author if signed else "",
            date=self._written_day if signed else "",
        )

    def second_page(self) -> Wording:
        """What stands overleaf, signed."""
        return Wording(paragraphs=self.overleaf, signature=self.author, date=self._written_day)

    @property
    def _written_day(self) -> str:
        return f"{self.day.year}年{self.day.month}月{self.day.day}日"


PROJECTS = Paper(
    title="关于做好年度帮扶项目安排的通知",
    number="援办〔2023〕1号",
    day=date(2023, 3, 5),
    addressee="各联络小组、各项目单位：",
    paragraphs=(
        "为落实本年度对口帮扶任务，经与受援县协商，现就帮扶项目安排的有关事项通知如下。",
        "一、突出民生重点。帮扶资金优先用于乡村学校、乡镇卫生院和农村饮水工程，不得用于楼堂馆所建设，"
        "不得用于偿还历年欠款。",
        "二、严格申报程序。各联络小组应会同受援乡镇逐项踏勘，填写项目建议书，于三月底前报办公室汇总，"
        "经联席会议审议后统一下达。未经审议的项目一律不得开工。",
        "三、落实管护责任。项目竣工后应及时移交受援单位，明确管护人员和管护经费来源，防止重建轻管。",
    ),
    overleaf=(
        "四、加强资金监管。项目资金实行专户管理，按工程进度拨付。单项超过五十万元的，"
        "应当委托有资质的单位审计。",
        "五、做好档案收集。项目文件材料应与项目建设同步形成、同步收集，验收时一并移交，声像材料不得缺失。",
        "附件：年度帮扶项目统计表",
    ),
)
FUNDS = Paper(
    title="关于项目资金使用情况的报告",
    number="援办〔2023〕2号",
    day=date(2023, 4, 18),
    addressee="市对口支援工作领导小组：",
    paragraphs=(
        "现将上年度帮扶项目资金的使用情况报告如下。",
        "一、资金到位情况。上年度应到位资金一千二百六十万元，截至年底全部到位，"
        "其中市级财政资金九百万元，社会捐赠资金三百六十万元。",
        "二、资金支出情况。教育类项目支出五百四十万元，医疗类项目支出三百一十万元，"
        "产业类项目支出二百八十万元，其余结转本年度使用。",
        "三、存在的问题。高海拔地区施工期短，个别项目进度滞后；少数单位报账资料不全，已责成限期补正。",
        "特此报告。",
    ),
)
DOCTORS = Paper(
    title="关于乡村医生轮训班开班情况的简报",
    number="援办简〔2023〕3号",
    day=date(2023, 6, 9),
    paragraphs=(
        "六月六日，第三期乡村医生轮训班在县人民医院开班，来自十一个乡镇的四十二名乡村医生参加培训。",
        "本期轮训为期三周，由医疗队选派骨干医师授课，内容包括常见病诊治、急救技能、"
        "孕产妇保健和慢性病随访，采取课堂讲授与临床跟班相结合的方式。",
        "县卫生健康局负责同志在开班仪式上要求，参训学员要珍惜机会，学以致用，把先进的诊疗理念带回村卫生室。",
        "轮训班结业时将组织考核，合格者颁发结业证书。",
    ),
)

ACCEPTANCE = Paper(
    title="关于报送援建学校项目验收材料的函",
    number="援办〔2022〕1号",
    day=date(2022, 3, 7),
    addressee="县教育局：",
    paragraphs=(
        "由我办组织实施的县第二中学教学楼援建项目已于去年十一月竣工，经建设、勘察、设计、"
        "施工、监理五方验收，工程质量合格。",
        "现将竣工图纸、验收记录、结算审核报告等材料一并送上，请予查收，并按规定办理资产移交手续。",
        "项目质保期为两年。质保期内如有渗漏、开裂等情况，请及时与我办联系。",
    ),
)
ROTATION = Paper(
    title="关于印发医疗队轮换人员名册的通知",
    number="援办〔2022〕2号",
    day=date(2022, 4, 12),
    addressee="各派出单位：",
    paragraphs=(
        "第五批医疗队任期将满，经市卫生健康委员会同意，第六批医疗队共十八人定于五月上旬到岗。",
        "现将轮换人员名册印发给你们，请做好工作交接和生活保障。",
    ),
)
SITE_MEETING = Paper(
    title="援建工程现场会议纪要",
    number="援办纪〔2022〕3号",
    has_letterhead=False,
    day=date(2022, 5, 20),
    paragraphs=(
        "五月十八日下午，联络组在水厂改扩建工程工地召开现场会，研究工程进度和施工安全问题。"
        "建设、监理、施工单位负责人参加会议，会议由联络组副组长主持。",
        "会议认为，工程主体结构已经完成，滤池设备安装进度滞后约二十天，主要原因是设备到货延误。"
        "施工单位应当增加班组，倒排工期，确保九月底前通水试运行。",
        "会议要求，监理单位要加强旁站监理，雨季施工须有排水和防滑措施，隐患未消除的不得复工。",
    ),
)
SUPPLIES = Paper(
    title="关于援建物资签收情况的说明",
    number="援办〔2022〕4号",
    day=date(2022, 6, 15),
    addressee="受援县发展改革局：",
    paragraphs=(
        "首批援建物资共三车，已于六月十三日运抵县物资仓库，经双方清点，数量与发货清单一致。",
        "其中课桌椅二百四十套、图书六千册、净水设备两台，均已办理签收手续，外包装完好。",
    ),
)
PUBLICITY = Paper(
    title="关于征集援建项目宣传材料的通知",
    number="援办〔2022〕5号",
    day=date(2022, 7, 8),
    addressee="各联络小组：",
    paragraphs=(
        "为反映对口帮扶工作成效，拟编印援建项目图册，现面向各小组征集文字、照片和录像资料。",
        "来稿应注明拍摄时间、地点、人物和作者，照片不得修改拼接，请于八月底前报送。",
    ),
)
LETTERS = Paper(
    title="关于商请协助安排考察活动的函",
    number="援办函〔2022〕6号",
    day=date(2022, 8, 2),
    addressee="县文化和旅游局：",
    paragraphs=(
        "为推动两地文化旅游合作，我市旅游企业代表一行十二人拟于八月下旬赴贵县考察，"
        "重点了解乡村旅游线路和民宿开发情况。",
        "请贵局协助安排考察路线，并指派一名同志陪同讲解。具体行程由双方联系人另行商定，"
        "考察费用由企业自行承担。",
        "专此函达，盼复。",
    ),
)
REGULAR_MEETING = Paper(
    title="联络小组第三次工作例会纪要",
    number="援办纪〔2022〕7号",
    day=date(2022, 9, 14),
    paragraphs=(
        "九月十三日，联络小组召开第三次工作例会，听取各片区三季度工作汇报，部署四季度重点任务。",
        "会议决定，产业园配套道路由第二片区牵头，十月底前完成招标；消费帮扶专柜增设三处。",
    ),
)
ALLOCATION = Paper(
    title="关于拨付牧区供水工程补助资金的批复",
    number="援办复〔2022〕19号",
    day=date(2022, 11, 30),
)
"""Recorded by mistake for `REGULAR_MEETING`."""

CADRES = Paper(
    title="关于援青干部轮换工作的通知",
    number="援办〔2023〕1号",
    day=date(2023, 3, 5),
    addressee="各派出单位：",
    paragraphs=(
        "根据对口支援工作安排，第四批援青干部于七月底期满，现就轮换工作通知如下。",
        "请各单位于四月十五日前推荐人选，人选应当身体健康，能够适应高原工作环境。",
        "期满干部的考核鉴定由联络组会同受援单位共同完成，考核材料归入个人档案。",
    ),
)
SUMMARY = Paper(
    title="联络小组年度工作小结",
    number="援办〔2023〕2号",
    day=date(2023, 12, 20),
    paragraphs=(
        "一年来，联络小组围绕教育、医疗、产业三项重点，共组织实施帮扶项目二十三个，已竣工十九个。",
        "全年选派支教教师三十一人、医疗专家十六人，举办培训班八期，培训当地人员四百余人次。",
    ),
)
ACCEPTANCE_MEETING = Paper(
    title="项目验收会议记录",
    number="援办〔2023〕3号",
    day=date(2023, 10, 26),
    paragraphs=(
        "十月二十五日，验收组对乡卫生院门诊楼进行竣工验收，听取施工、监理单位汇报，查阅工程资料。",
        "验收组一致认为，工程符合设计要求，同意通过验收；个别门窗关闭不严，须在十日内整改。",
    ),
)
TALK = Paper(title="座谈会录音", number="", day=date(2023, 11, 3))
SCHOOL = Paper(title="乡村小学落成照片", number="", day=date(2023, 9, 1))
