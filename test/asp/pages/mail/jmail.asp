<% Set j = Server.CreateObject("JMail.Message") : j.From = "a@example.test" : j.AddRecipient "b@example.test" : j.Subject = "J" : j.Body = "x" : Response.Write TypeName(j) <> "" %>
<!--expect
= True
-->
