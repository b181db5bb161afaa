<% Set m = Server.CreateObject("CDO.Message")
m.From = "site@example.test" : m.To = Request.Form("to") : m.Subject = "Contact" : m.TextBody = "Hello" & vbCrLf & Request.Form("text")
m.Send : Set m = Nothing %>sent
<!--expect
> POST /mail/cdosys.asp
> body: to=info%40example.test&text=How+are+you
= sent
mail: Subject: Contact
mail: To: <info@example.test>
mail: How are you
-->
