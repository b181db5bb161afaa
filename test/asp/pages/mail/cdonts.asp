<% Set n = Server.CreateObject("CDONTS.NewMail") : n.From = "a@example.test" : n.To = "b@example.test" : n.Subject = "Nt" : n.BodyFormat = 0 : n.MailFormat = 0 : n.Body = "<p>x</p>" : n.Send : Set n = Nothing : Response.Redirect "thanks.asp" %>
<!--expect
< 302 Object moved
< Location: thanks.asp
mail: Subject: Nt
-->
