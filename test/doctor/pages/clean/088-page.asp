<%@ Language=JScript %>
<% var cdoTo = "b@contoso.example"; %>
<% var m = Server.CreateObject("CDO.Message"); m.To = cdoTo; m.From = "a@contoso.example"; m.Send(); %>
