"""Know the domains where anybody may have an address, so that no company is told by one."""

_DOMAINS = """
126.com 163.com abv.bg aim.com alice.it aliyun.com aol.com aon.at arcor.de att.net bbox.fr
bellsouth.net bigpond.com bigpond.net.au bk.ru bluewin.ch bol.com.br btinternet.com btopenworld.com
centrum.cz charter.net chello.at club-internet.fr comcast.net cox.net daum.net disroot.org duck.com
earthlink.net eircom.net email.com email.cz fastmail.com fastmail.fm foxmail.com free.fr freemail.hu
freenet.de frontier.com gmail.com googlemail.com gmx.at gmx.ch gmx.com gmx.de gmx.net gmx.org
hanmail.net hey.com home.nl hotmail.com hushmail.com icloud.com ig.com.br inbox.lv inbox.ru
interia.pl internode.on.net juno.com kabelmail.de keemail.me kpnmail.nl kakao.com laposte.net
libero.it libertysurf.fr list.ru live.com lycos.com mac.com magenta.de mail.bg mail.com mail.de
mail.ee mail.ru mailbox.org me.com msn.com nate.com naver.com neuf.fr netscape.net netzero.net
ntlworld.com o2.co.uk o2.pl o2online.de online.de online.no onet.eu onet.pl op.pl optonline.net
optusnet.com.au orange.fr outlook.com pm.me planet.nl pobox.com post.cz posteo.de posteo.net
privaterelay.appleid.com proton.me protonmail.ch protonmail.com qq.com rambler.ru rediffmail.com
riseup.net rocketmail.com rogers.com runbox.com sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca
sina.cn sina.com skynet.be sky.com sohu.com sympatico.ca t-online.de talk21.com talktalk.net
telenet.be telfort.nl telia.com telus.net terra.com.br terra.es tin.it tiscali.co.uk tiscali.it
tuta.com tuta.io tutanota.com tutanota.de tutamail.com ukr.net uol.com.br vip.qq.com verizon.net
virgilio.it virgin.net virginmedia.com vodafone.de volny.cz vp.pl wanadoo.es wanadoo.fr web.de
windowslive.com windstream.net wp.pl xs4all.nl xtra.co.nz yandex.com yandex.ru yeah.net ymail.com
ya.ru zeelandnet.nl ziggo.nl zoho.com zohomail.com
"""
_KNOWN = frozenset(_DOMAINS.split())
# These providers have a domain for each country.
_BRANDS = frozenset({"aol", "gmx", "hotmail", "live", "msn", "outlook", "yahoo", "yandex"})
_LABELS = 3  # of `yahoo.co.uk`, at most


def is_free_mail(domain: str) -> bool:
    """Tell the domain of a provider whose customers have nothing to do with each other."""
    folded = domain.strip().casefold()
    labels = folded.split(".")
    return folded in _KNOWN or (1 < len(labels) <= _LABELS and labels[0] in _BRANDS)
