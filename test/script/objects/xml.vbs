' Microsoft.XMLDOM and MSXML2.DOMDocument.
'==== Loading, parseError, the document's own members
Set d = CreateObject("Microsoft.XMLDOM") : d.async = False
Echo TypeName(d), d.readyState, d.parseError.errorCode, d.documentElement Is Nothing, d.xml = "" ' expect: DOMDocument 4 0 True True
Echo d.loadXML("<a x='1'><b>t</b><b/></a>"), d.parseError, d.documentElement.nodeName, d.documentElement.tagName, d.nodeName, d.nodeType ' expect: True 0 a a #document 9
Echo d.documentElement.xml ' expect: <a x="1"><b>t</b><b/></a>
Echo d.loadXML("<a><b></a>"), d.parseError.errorCode <> 0, d.parseError.line, d.parseError.linepos > 0, d.parseError.reason <> "", d.documentElement Is Nothing ' expect: False True 1 True True True
Echo d.loadXML(""), d.loadXML("text"), d.loadXML("<a/><b/>"), d.loadXML("<?xml version=""1.0""?><ok/>") ' expect: False False False True
Echo d.load("none.xml"), Hex(d.parseError.errorCode) ' expect: False 800C0006
Set fso = CreateObject("Scripting.FileSystemObject")
With fso.CreateTextFile("c.xml") : .Write "<?xml version='1.0' encoding='iso-8859-1'?><cfg><smtp host='mail' port='25'/><to>é</to></cfg>" : .Close : End With
Echo d.load("c.xml"), d.load("C:\data\c.xml"), d.url <> "", d.selectSingleNode("/cfg/smtp/@host").text, d.selectSingleNode("//to").text ' expect: True True True mail é
d.save "copy.xml" : Set e = CreateObject("MSXML2.DOMDocument.6.0") : e.async = False : Echo e.load("copy.xml"), e.selectSingleNode("/cfg/to").text ' expect: True é
Set f = CreateObject("MSXML2.DOMDocument") : f.async = False : Echo f.load(d), f.documentElement.nodeName ' expect: True cfg
'==== Selecting, lists, attributes
Set d = CreateObject("MSXML2.DOMDocument.3.0") : d.async = False
d.loadXML "<l><i id='1' k='a'>one</i><i id='2'>two</i><i id='3'><j>in</j></i></l>"
Set n = d.selectNodes("/l/i") : Echo n.length, n(0).text, n.item(1).text, n(9) Is Nothing, TypeName(n(0)) ' expect: 3 one two True IXMLDOMElement
For Each x In n : s = s & x.getAttribute("id") : Next : Echo s ' expect: 123
For i = 0 To n.length - 1 : t = t & n(i).nodeName & n(i).childNodes.length : Next : Echo t ' expect: i1i1i1
Echo TypeName(n), n.expr, n.context Is d, n.peekNode.text, TypeName(d.documentElement.childNodes) ' expect: IXMLDOMSelection /l/i True one IXMLDOMNodeList
Set x = n.nextNode : Echo x.text, n.nextNode.text : n.reset : Echo n.nextNode.text ' expect: one two | one
Echo d.selectSingleNode("//i[@id='2']").text, d.selectSingleNode("//none") Is Nothing, d.selectNodes("//none").length ' expect: two True 0
Echo d.selectSingleNode("/l/i[0]").text, d.selectSingleNode("//j").parentNode.getAttribute("id") ' expect: one 3
Set a = n(0).attributes : Echo a.length, a(0).name, a(0).value, a(1).nodeName, a(1).text, a.getNamedItem("k").value, a.getNamedItem("z") Is Nothing ' expect: 2 id 1 k a a True
For Each x In a : u = u & x.name & "=" & x.value & ";" : Next : Echo u ' expect: id=1;k=a;
Echo IsNull(n(0).getAttribute("none")), TypeName(n(0).getAttribute("id")), n(0).getAttribute("none") & "" = "" ' expect: True String True
Set g = d.getElementsByTagName("i") : Echo g.length, g(2).firstChild.nodeName, d.documentElement.getElementsByTagName("j").length, d.getElementsByTagName("*").length ' expect: 3 j 1 5
Echo d.documentElement.firstChild.nextSibling.text, d.documentElement.lastChild.previousSibling.text, d.documentElement.hasChildNodes, n(0).firstChild.nodeType, n(0).firstChild.nodeValue ' expect: two two True 3 one
Echo n(0).ownerDocument Is d, n(0).nodeTypeString, IsNull(n(0).nodeValue), n(0).baseName, "[" & n(0).prefix & "]" ' expect: True element True i []
Set m = d.selectNodes("//i/@k") : Echo m.removeNext.value, m.length, m.removeNext Is Nothing, d.selectNodes("//@k").length ' expect: a 0 True 0
n(0).setAttribute "k", "a" : Echo n.matches(n(1)) Is n(1), d.selectNodes("j").matches(d.selectSingleNode("//j")).getAttribute("id"), n.clone.length ' expect: True 3 3
d.selectNodes("//i[@id>1]").removeAll : Echo d.documentElement.childNodes.length, d.xml = "<l><i id=""1"" k=""a"">one</i></l>" & vbCrLf ' expect: 1 True
'==== Building and changing
Set d = CreateObject("MSXML2.DOMDocument")
Set pi = d.createProcessingInstruction("xml", "version=""1.0""") : d.appendChild pi
Set r = d.createElement("report") : Set d.documentElement = r
Set x = d.createElement("line") : x.text = "a < b & c" : x.setAttribute "n", 1 : r.appendChild x
Set y = r.appendChild(d.createElement("line")) : y.appendChild d.createTextNode("two") : y.setAttribute "n", "2"
r.appendChild d.createComment(" note ") : r.appendChild d.createCDATASection("<raw>")
Echo Replace(d.xml, vbCrLf, "¶") ' expect: <?xml version="1.0"?>¶<report><line n="1">a &lt; b &amp; c</line><line n="2">two</line><!-- note --><![CDATA[<raw>]]></report>¶
r.insertBefore d.createElement("first"), r.firstChild : Echo r.firstChild.nodeName ' expect: first
r.removeChild r.firstChild : Echo r.firstChild.nodeName ' expect: line
Set old = r.replaceChild(d.createElement("new"), x) : Echo old.text, r.firstChild.nodeName ' expect: a < b & c new
Set c = r.cloneNode(True) : Echo c.childNodes.length, r.cloneNode(False).childNodes.length ' expect: 4 0
y.removeAttribute "n" : Echo y.xml : y.text = "" : Echo y.xml ' expect: <line>two</line> | <line/>
Set at = d.createAttribute("k") : at.value = "v" : y.setAttributeNode at : Echo y.getAttribute("k"), y.getAttributeNode("k").text ' expect: v v
Set n = d.createNode(1, "p:n", "urn:x") : r.appendChild n : Echo n.prefix, n.baseName, n.namespaceURI ' expect: p n urn:x
Set fr = d.createDocumentFragment : fr.appendChild d.createElement("f1") : fr.appendChild d.createElement("f2") : r.appendChild fr : Echo r.lastChild.nodeName ' expect: f2
'==== Wrong use
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set d = CreateObject("MSXML2.DOMDocument")
d.loadXML : Echo E ' expect: 450
d.loadXML Null : Echo E ' expect: 13
d.loadXML "<a/>" : d.selectSingleNode("//[") : Echo E <> 0 ' expect: True
Echo d.selectSingleNode("//none").text : Echo E ' expect: 91
Set x = d.createElement("a b") : Echo E <> 0 ' expect: True
Set x = d.createElement("") : Echo E <> 0 ' expect: True
d.appendChild "text" : Echo E ' expect: 424
d.appendChild Nothing : Echo E <> 0 ' expect: True
d.documentElement.appendChild d.documentElement : Echo E <> 0 ' expect: True
d.documentElement.nodeName = "b" : Echo E ' expect: 438
d.xml = "<b/>" : Echo E ' expect: 438
d.documentElement.setAttribute "x" : Echo E ' expect: 450
d.documentElement.setAttribute "x", Null : Echo E ' expect: 13
d.documentElement.setAttribute "x", Empty : Echo E, "[" & d.documentElement.getAttribute("x") & "]" ' expect: 0 []
d.documentElement.setAttribute "n", 1.5 : d.documentElement.setAttribute "b", True : Echo d.documentElement.xml ' expect: <a x="" n="1.5" b="True"/>
d.documentElement.bogus = 1 : Echo E ' expect: 438
Echo d.documentElement.text(1) : Echo E ' expect: 450
Set x = d.documentElement.firstChild : Echo E, x Is Nothing ' expect: 0 True
d.save "C:\none\x.xml" : Echo E <> 0 ' expect: True
'==== An element that is not there, untrapped
Set d = CreateObject("MSXML2.DOMDocument") : d.loadXML "<a/>"
Echo d.selectSingleNode("/a/b").text ' expect error: 91 Object variable not set: 'selectSingleNode'
'==== Typed values, base64
Set d = CreateObject("MSXML2.DOMDocument") : Set n = d.createElement("b64") : n.dataType = "bin.base64"
n.text = "SGVsbG8=" : b = n.nodeTypedValue : Echo TypeName(b), LenB(b), Chr(AscB(b)) ' expect: Byte() 5 H
Set m = d.createElement("x") : m.dataType = "bin.base64" : m.nodeTypedValue = b : Echo m.text ' expect: SGVsbG8=
n.dataType = "int" : n.text = "42" : Echo n.nodeTypedValue + 1, TypeName(n.nodeTypedValue) ' expect: 43 Long
n.dataType = "boolean" : n.text = "1" : Echo n.nodeTypedValue ' expect: True
n.dataType = "dateTime" : n.text = "2003-01-02T16:05:06" : Echo n.nodeTypedValue ' expect: 1/2/2003 4:05:06 PM
'==== XPath is the language of versions 4 and 6, XSLPattern that of 3
For Each v In Array("MSXML2.DOMDocument.3.0", "MSXML2.DOMDocument.4.0", "MSXML2.DOMDocument.6.0", "MSXML2.FreeThreadedDOMDocument.4.0")
  Set d = CreateObject(v) : d.async = False : d.loadXML "<a><b>1</b><b>2</b></a>"
  s = s & d.selectSingleNode("/a/b[1]").text & d.getProperty("SelectionLanguage") & " "
Next
Echo Trim(s) ' expect: 2XSLPattern 1XPath 1XPath 1XPath
Set d = CreateObject("MSXML2.DOMDocument.3.0") : d.setProperty "SelectionLanguage", "XPath" : d.loadXML "<a><b>1</b><b>2</b></a>"
Echo d.selectSingleNode("/a/b[1]").text, d.selectNodes("//b[position()=last()]")(0).text ' expect: 1 2
d.loadXML "<x:a xmlns:x='urn:q'><x:b>ns</x:b></x:a>" : d.setProperty "SelectionNamespaces", "xmlns:p='urn:q'" : Echo d.selectSingleNode("/p:a/p:b").text ' expect: ns
'==== HTTP objects before and without an answer
On Error Resume Next
Function E : E = Err.Number : Err.Clear : End Function
Set h = CreateObject("MSXML2.XMLHTTP") : Echo h.readyState, E ' expect: 0 0
h.send : Echo E <> 0 ' expect: True
h.open "GET" : Echo E ' expect: 450
h.open "GET", "http://intranet.example.test/", False : Echo h.readyState, E ' expect: 1 0
h.setRequestHeader "X-Test", "1" : Echo E ' expect: 0
h.setRequestHeader "X-Test" : Echo E ' expect: 450
h.status = 1 : Echo E ' expect: 438
h.bogus : Echo E ' expect: 438
Set w = CreateObject("WinHttp.WinHttpRequest.5.1") : w.Open "GET", "http://intranet.example.test/" : Echo E ' expect: 0
Echo w.Status : Echo E <> 0 ' expect: True
w.Option(6) = False : Echo w.Option(6), E ' expect: False 0
