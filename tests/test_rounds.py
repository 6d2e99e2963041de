"""How often files are read."""

from collections import Counter

from trees import Counted, Memory

from planner.config import ScanSettings
from planner.scan import Place, scan_places
from planner.scanning.gather import Means

POD = 'apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: "{{ .Values.image }}:{{ .Values.tag }}"\n'
TEMPLATE = "shop/templates/pod.yaml"


def scanned(*formats, **files):
    names = {"template": TEMPLATE, "values": "shop/values.yaml", "env": ".env", "compose": "compose.yaml"}
    tree = Counted(Memory(tuple((names[name], text) for name, text in files.items())))
    found = scan_places([Place(tree, "memory")], ScanSettings(select=formats), Means(10**6))
    return [str(item.reference) for item in found.occurrences if item.path == TEMPLATE], Counter(tree.read)


def test_template_is_read_once_with_the_values_of_its_chart():
    found, read = scanned("helm_template", "helm_values", template=POD, values="image: nginx\ntag: '1.27'\n")
    assert (found, read[TEMPLATE]) == (["docker.io/library/nginx:1.27"], 1)


def test_template_without_values_is_read_once():
    text = POD.replace("{{ .Values.image }}:{{ .Values.tag }}", "nginx:1") + "# {{ .Values.x }}\n"
    found, read = scanned("helm_template", template=text)
    assert (found, read[TEMPLATE]) == (["docker.io/library/nginx:1"], 1)


def test_file_that_may_be_used_alone_is_read_with_and_without_values():
    compose = "services:\n  web:\n    image: nginx:${TAG:-1}\n"
    _, read = scanned("compose", "dotenv", compose=compose, env="TAG=2\n")
    assert read["compose.yaml"] == 2
