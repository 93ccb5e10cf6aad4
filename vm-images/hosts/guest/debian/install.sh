# What the host debian needs beside its packages: nothing. See install-host.sh.
before_configure() { :; }
after_configure() { :; }
