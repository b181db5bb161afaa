<%@ Language="JScript" %>
<html><body>
<%
function configure(c) {
  var ns = "http://schemas.microsoft.com/cdo/configuration/";
  c.Fields.Item(ns + "sendusing") = 2;
  c.Fields.Item(ns + "smtpserver") = "10.0.0.25";
  c.Fields.Item(ns + "smtpserverport") = 25;
  c.Fields.Update();
}
var cdo = Server.CreateObject("CDO.Message");
configure(cdo.Configuration);
cdo.To = String(Request.Form("to"));
cdo.From = "x@contoso.example";
cdo.Subject = "hi";
if (Request.Form("ok").Count > 0) {
%>
<p>Sending</p>
<%
  cdo.Send();
}
%>
</body></html>
