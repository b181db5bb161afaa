<p>Grüße €</p><%= Len("ü") %>
<!--expect
= <p>Grüße €</p>2
-->
