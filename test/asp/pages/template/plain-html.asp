<p>Hello</p>
<!--expect
< 200 OK
< Content-Type: text/html
< Cache-Control: private
= <p>Hello</p>
-->
