<% Server.Execute "/server/parts/child.asp" : Server.Execute("/SERVER/parts/CHILD.asp") %>
<!--expect
= [child  /server/execute-absolute.asp][child  /server/execute-absolute.asp]
-->
