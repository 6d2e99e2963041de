#!/bin/sh
wget -qO- https://get.k3s.io | sh -
