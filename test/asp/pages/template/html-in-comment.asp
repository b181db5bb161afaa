<!-- <%= "in a comment" %> -->
<!--expect
= <!-- in a comment -->
-->
