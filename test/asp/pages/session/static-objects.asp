<% Basket("n") = Basket("n") + 1 %><%= Basket("n") %> <%= Session.StaticObjects.Count %> <%= Session.StaticObjects.Key(1) %> <%= Session.StaticObjects("basket")("n") %><% For Each k In Session.StaticObjects %> <%= k %><% Next %> <%= Session.Contents.Count %>
<!--expect
> GET /session/static-objects.asp
= 1 1 Basket 1 Basket 1
> GET /session/static-objects.asp
= 2 1 Basket 2 Basket 1
-->
