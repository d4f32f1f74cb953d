"""deploy/kubernetes: the manifests are valid, keep to the restricted profile, and agree with the rest of the kit."""

from __future__ import annotations

import json
import re
from typing import Any

import kubernetes_validate
import pytest
import yaml

import sidecar as kit

_FOLDER = kit.DEPLOY / "kubernetes"
_FILES = sorted(_FOLDER.glob("*.yaml"))
OBJECTS: dict[str, dict[str, Any]] = {
    f"{file.stem}/{each['kind']}/{each['metadata']['name']}": each
    for file in _FILES
    for each in yaml.safe_load_all(file.read_text("utf-8"))
}
PODS = {name: each["spec"]["template"]["spec"] for name, each in OBJECTS.items() if each["kind"] == "Deployment"}
CONTAINERS = {
    f"{name}/{container['name']}": container
    for name, pod in PODS.items()
    for container in (*pod.get("initContainers", ()), *pod["containers"])
}
OPA = CONTAINERS["sidecar/Deployment/example/opa"]


@pytest.mark.parametrize("name", OBJECTS)
@pytest.mark.parametrize("version", ["1.29", kubernetes_validate.latest_version()])
def test_a_manifest_is_what_the_schema_wants(name: str, version: str) -> None:
    kubernetes_validate.validate(OBJECTS[name], version, strict=True)


def test_the_schema_would_find_a_mistake() -> None:
    wrong = json.loads(json.dumps(OBJECTS["sidecar/Deployment/example"]))
    wrong["spec"]["template"]["spec"]["initContainers"][0]["readonlyRootFilesystem"] = True
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, "1.29", strict=True)


@pytest.mark.parametrize("name", PODS)
def test_a_pod_is_nobody_and_gets_no_token(name: str) -> None:
    context = PODS[name]["securityContext"]
    assert (context["runAsNonRoot"], context["runAsUser"]) == (True, 65532)
    assert context["seccompProfile"] == {"type": "RuntimeDefault"}
    assert PODS[name]["automountServiceAccountToken"] is False
    assert "hostNetwork" not in PODS[name]


@pytest.mark.parametrize("name", CONTAINERS)
def test_a_container_can_change_nothing_but_its_volumes(name: str) -> None:
    assert CONTAINERS[name]["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "runAsNonRoot": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert "memory" in CONTAINERS[name]["resources"]["limits"]


@pytest.mark.parametrize("name", CONTAINERS)
def test_every_volume_that_a_container_mounts_is_there(name: str) -> None:
    pod = PODS[name.rpartition("/")[0]]
    volumes = {volume["name"] for volume in pod["volumes"]}
    assert {mount["name"] for mount in CONTAINERS[name]["volumeMounts"]} <= volumes


def test_the_sidecar_stays_and_is_ready_with_its_bundle() -> None:
    assert OPA["restartPolicy"] == "Always"
    for probe in ("startupProbe", "readinessProbe"):
        assert OPA[probe]["httpGet"] == {"path": "/health?bundles", "port": "diagnostics"}
    # Alive it is without a bundle: a restart would bring none, and lose what it has.
    assert OPA["livenessProbe"]["httpGet"]["path"] == "/health"


def test_go_collects_garbage_before_the_kernel_kills() -> None:
    (limit,) = [each["value"] for each in OPA["env"] if each["name"] == "GOMEMLIMIT"]
    most = OPA["resources"]["limits"]["memory"]
    assert 0.8 < int(limit.removesuffix("MiB")) / int(most.removesuffix("Mi")) < 0.95


def test_the_sidecar_gets_every_variable_that_its_configuration_names() -> None:
    config = (kit.DEPLOY / "opa" / "config.yaml").read_text("utf-8")
    image, _ = kit.image_settings()
    given = {
        *image,
        *OBJECTS["sidecar/ConfigMap/opa-iam-sidecar"]["data"],
        *(each["name"] for each in OPA["env"]),
    }
    named = set(re.findall(r"\$\{(\w+)\}", config))
    assert named - given == set()
    assert len(named) == 8
    options = {name for name in given if name.startswith("OPA_RUN_")}
    assert options >= {"OPA_RUN_AUTHORIZATION", "OPA_RUN_SET_FILE", "OPA_RUN_CONFIG_FILE"}


def test_the_sidecar_listens_to_its_own_pod_alone_where_everybody_may_ask() -> None:
    assert json.loads(OBJECTS["sidecar/ConfigMap/opa-iam-clients"]["data"]["clients.json"])["anonymous"] is True
    assert OBJECTS["sidecar/ConfigMap/opa-iam-sidecar"]["data"]["OPA_RUN_ADDR"] == "127.0.0.1:8181"
    assert [port["containerPort"] for port in OPA["ports"]] == [8282]


def test_the_secret_has_every_file_that_the_configuration_reads() -> None:
    config = (kit.DEPLOY / "opa" / "config.yaml").read_text("utf-8")
    image, _ = kit.image_settings()
    read = {name.removeprefix("secrets/") for name in re.findall(r"secrets/[\w.]*\w", f"{config} {image}")}
    told = re.findall(r"--from-file=(\S+)", (_FOLDER / "sidecar.yaml").read_text("utf-8"))
    assert set(told) == read


def test_the_network_lets_the_sidecar_reach_the_bundles_and_nobody_reach_decisions() -> None:
    policy = OBJECTS["sidecar/NetworkPolicy/example"]["spec"]
    assert policy["policyTypes"] == ["Ingress", "Egress"]
    assert {port["port"] for rule in policy["ingress"] for port in rule["ports"]} == {"http", "diagnostics"}
    assert {port["port"] for rule in policy["egress"] for port in rule["ports"]} == {8182, 53}
    url = OBJECTS["sidecar/ConfigMap/opa-iam-sidecar"]["data"]["OPA_IAM_BUNDLES_URL"]
    service = OBJECTS["bundles/Service/bundles"]
    port = service["spec"]["ports"][0]["port"]
    assert url == f"https://{service['metadata']['name']}.{service['metadata']['namespace']}.svc:{port}"


def test_the_two_ways_to_run_it_use_the_same_options() -> None:
    compose = yaml.safe_load((kit.DEPLOY / "compose" / "compose.yaml").read_text("utf-8"))["services"]
    server = CONTAINERS["bundles/Deployment/bundles/bundles"]["command"]

    def options(command: list[str]) -> list[str]:
        return [part.partition("=")[0] for part in command]

    assert options(server) == options(compose["bundles"]["command"])
    example = CONTAINERS["sidecar/Deployment/example/example"]["command"]
    assert example == compose["example"]["command"]
