line one
<%
x = 1
foo x
%>
<!--expect
< 500 Internal Server Error
= line one
=  <font face="Arial" size=2>
= <p>Microsoft VBScript runtime</font> <font face="Arial" size=2>error '800a000d'</font>
= <p>
= <font face="Arial" size=2>Type mismatch: 'foo'</font>
= <p>
= <font face="Arial" size=2>/type-mismatch.asp</font><font face="Arial" size=2>, line 4</font>
error: Microsoft VBScript runtime | 800a000d | Type mismatch: 'foo' | /type-mismatch.asp, line 4
-->
