<%@ Language=VBScript %>
<script language="JavaScript">
// for the browser: m.Send; “curly” = 2x
function check(f) { return f.email.value != ""; }
</script>
<%
Set m = Server.CreateObject("CDO.Message")
m.From = "a@contoso.example" : m.To = "b@contoso.example"
m.Send
%>
