CREATE DATABASE sojourn OWNER sojourn
