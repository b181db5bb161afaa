<!--METADATA TYPE="DesignerControl" startspan-->x
<!--expect
= <!--METADATA TYPE="DesignerControl" startspan-->x
-->
