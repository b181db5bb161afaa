<%Language=VBScript%>fine
<!--expect
= fine
-->
