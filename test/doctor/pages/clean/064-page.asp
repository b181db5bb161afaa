<!-- #include file="shared-mail.inc" -->
<%
SendIt "b@contoso.example", "hi"
%>
