"""Jenkins in XML: agents of clouds, pods, scripts of jobs."""

import pytest
from extracted import extracted

from planner.scan import scan

KUBERNETES = "org.csanchez.jenkins.plugins.kubernetes"


def found(text):
    return extracted("jenkins_xml", text, "config.xml")


@pytest.mark.parametrize(
    "text",
    [
        f"<{KUBERNETES}.ContainerTemplate><image>a/b:1</image></{KUBERNETES}.ContainerTemplate>",
        f"<hudson><{KUBERNETES}.PodTemplate>\n <image> a/b:1 </image></{KUBERNETES}.PodTemplate></hudson>",
        "<com.nirima.jenkins.plugins.docker.DockerTemplate><dockerTemplateBase><image>a/b:1</image>"
        "</dockerTemplateBase></com.nirima.jenkins.plugins.docker.DockerTemplate>",
        "<com.cloudbees.jenkins.plugins.amazonecs.ECSTaskTemplate><image>a/b:1</image>"
        "</com.cloudbees.jenkins.plugins.amazonecs.ECSTaskTemplate>",
    ],
)
def test_image_of_an_agent(text):
    assert found(text).pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        f"<{KUBERNETES}.ContainerTemplate><image></image></{KUBERNETES}.ContainerTemplate>",
        "<project><image>a/b:1</image></project>",
        "<hudson><views><image>logo.png</image></views></hudson>",
    ],
)
def test_other_elements_name_no_image(text):
    assert not found(text).items


def test_variable_of_the_controller_is_told():
    text = f"<{KUBERNETES}.ContainerTemplate><image>a/b:${{V}}</image></{KUBERNETES}.ContainerTemplate>"
    assert found(text).unresolved[0][0] == "a/b:${V}"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        (f"<{KUBERNETES}.PodTemplate><yaml>kind: Pod</yaml></{KUBERNETES}.PodTemplate>", "kubernetes"),
        (
            "<flow-definition><definition><script>node {}</script></definition></flow-definition>",
            "jenkinsfile",
        ),
        ("<project><hudson.tasks.Shell><command>ls</command></hudson.tasks.Shell></project>", "command.sh"),
    ],
)
def test_what_a_job_runs_is_read_as_what_it_is(text, kind):
    assert [kind in (each.name, *each.formats) for each in found(text).embedded] == [True]


def test_template_in_a_config_map_is_read_whatever_its_key_is_called(tmp_path):
    (tmp_path / "cm.yaml").write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: agents}\ndata:\n  template1: |-\n"
        f"    <{KUBERNETES}.PodTemplate>\n      <containers>\n        <{KUBERNETES}.ContainerTemplate>\n"
        "          <image>jenkins/agent:1</image>\n"
        f"        </{KUBERNETES}.ContainerTemplate>\n      </containers>\n    </{KUBERNETES}.PodTemplate>\n"
    )
    assert [str(each.reference) for each in scan([tmp_path]).occurrences] == ["docker.io/jenkins/agent:1"]


def test_part_of_a_file_that_can_be_read_counts():
    result = found(f"<a><{KUBERNETES}.PodTemplate><image>a/b:1</image></{KUBERNETES}.PodTemplate>")
    assert result.pulled == ["docker.io/a/b:1"]
    assert result.unresolved
