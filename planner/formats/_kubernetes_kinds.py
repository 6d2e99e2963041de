"""Kinds of objects with a format of their own, as patterns of `apiVersion kind`: `apps/v1 Deployment`."""

OPENSHIFT = (
    r"(?:apps|build|image|template|mirror)\.openshift\.io/"
    r"|v1 (?:BuildConfig|Build|DeploymentConfig|ImageStream(?:Import|Tag)?|Template)(?:List)?\Z"
)
OLM = r"operators\.coreos\.com/|olm\.operatorframework\.io/"
CROSSPLANE = r"(?:meta\.)?pkg\.crossplane\.io/|meta\.dev\.upbound\.io/"
KIND = r"kind\.x-k8s\.io/|kind\.sigs\.k8s\.io/"
K3D = r"k3d\.io/"
CLUSTER_API = r"(?:[\w-]+\.)?cluster\.x-k8s\.io/|kubeadm\.k8s\.io/"
IMAGE_POLICY = (
    r"(?:[\w-]+\.)?kyverno\.io/|[\w-]+\.gatekeeper\.sh/|policy\.sigstore\.dev/|policies\.kubewarden\.io/"
    r"|binaryauthorization\.cnrm\.cloud\.google\.com/"
    r"|operator\.openshift\.io/\S+ ImageContentSourcePolicy"
    r"|config\.openshift\.io/\S+ (?:Image|ClusterImagePolicy|ImagePolicy)"
)
TEKTON = (
    r"tekton\.dev/\S+ (?:PipelineRun|TaskRun|Pipeline|ClusterTask|Task|StepAction)\Z"
    r"|triggers\.tekton\.dev/\S+ TriggerTemplate\Z"
)
ARGO = r"argoproj\.io/\S+ (?:Workflow|CronWorkflow|(?:Cluster)?WorkflowTemplate|WorkflowEventBinding)\Z"
ARGO_CD = r"argoproj\.io/\S+ (?:Application|ApplicationSet|AppProject)\Z"
FLUX = r"(?:source|helm|kustomize)\.toolkit\.fluxcd\.io/"
CARVEL = r"(?:kbld|vendir|kappctrl)\.k14s\.io/|(?:data\.|internal\.)?packaging\.carvel\.dev/"

READ_ELSEWHERE = (CROSSPLANE, KIND, K3D, CLUSTER_API, IMAGE_POLICY)
TOOLS = (
    OPENSHIFT,
    OLM,
    TEKTON,
    ARGO,
    ARGO_CD,
    FLUX,
    CARVEL,
)  # whose formats leave it to templates of charts to be rendered
