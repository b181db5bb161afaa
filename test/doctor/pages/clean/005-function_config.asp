<script language="VBScript" runat="server">
Function MailConfig()
  Dim c
  Set c = Server.CreateObject("CDO.Configuration")
  c.Fields.Item("http://schemas.microsoft.com/cdo/configuration/sendusing") = 2
  c.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserver") = "10.0.0.25"
  c.Fields.Item("http://schemas.microsoft.com/cdo/configuration/smtpserverport") = 25
  c.Fields.Update
  Set MailConfig = c
End Function
</script>
<%
Dim rs, mail
Set rs = Server.CreateObject("ADODB.Recordset")
rs.Open "SELECT mail FROM customers", Application("dsn")
Do Until rs.EOF
  Set mail = Server.CreateObject("CDO.Message")
  Set mail.Configuration = MailConfig()
  mail.From = "news@contoso.example"
  mail.To = rs("mail")
  mail.Subject = "News"
  mail.TextBody = "…"
  mail.Send
  Set mail = Nothing
  rs.MoveNext
Loop
rs.Close
%>
