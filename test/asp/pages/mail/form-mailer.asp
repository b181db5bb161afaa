<% body = "" : For Each f In Request.Form : body = body & f & ": " & Request.Form(f) & vbCrLf : Next
Set m = CreateObject("CDO.Message") : m.From = "a@example.test" : m.To = "b@example.test" : m.Subject = "Form" : m.TextBody = body : m.Send %>
<!--expect
> POST /mail/form-mailer.asp
> body: Name=Ann&City=Rome
mail: Name: Ann
mail: City: Rome
-->
