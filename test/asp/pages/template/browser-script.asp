<script>var a = "<%= 5 %>";</script>
<!--expect
= <script>var a = "5";</script>
-->
