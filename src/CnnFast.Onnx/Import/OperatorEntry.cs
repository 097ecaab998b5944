namespace CnnFast.Onnx.Import;

/// <summary>An operator that can be imported.</summary>
/// <param name="Name">Its name in ONNX.</param>
/// <param name="Import">Builds what it computes.</param>
/// <param name="Since">The first operator set at which it is supported.</param>
/// <param name="Until">The last one.</param>
/// <param name="Limits">What of it is not supported; empty where all is.</param>
internal sealed record OperatorEntry(string Name, Action<NodeImport> Import, int Since = OperatorTable.FirstOpset,
    int Until = OperatorTable.LastOpset, string Limits = "");
