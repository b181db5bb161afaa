<% CreateObject("CDONTS.NewMail").Send "a@example.test", "b@example.test", "Quick", "Body text" %>
<!--expect
mail: Subject: Quick
mail: Body text
-->
