using CnnFast.Onnx.Proto;

namespace CnnFast.Onnx.Reading;

/// <summary>
/// Holds a model against the rules of the format, so that who reads on can rely on them (ONNX, "Open Neural Network Exchange
/// Intermediate Representation").
/// </summary>
internal static class OnnxChecker
{
    /// <summary>The oldest version of the format that is read.</summary>
    public const int MinIrVersion = 3;

    /// <summary>The newest version of the format that is read.</summary>
    public const int MaxIrVersion = 13;

    /// <summary>
    /// Checks a file's model, and puts the nodes of its graphs in an order in which each comes after those that it needs.
    /// </summary>
    /// <param name="file">The file.</param>
    /// <returns>The version of ONNX's own operator set; 0 where the model imports none, and so has no nodes.</returns>
    /// <exception cref="DataFormatException">The model breaks a rule.</exception>
    /// <exception cref="NotSupportedException">The model has what is not supported, whatever the operators.</exception>
    public static int Check(OnnxFile file) => Check(file.Model, file.Name);

    /// <summary>Checks a model, and puts the nodes of its graphs in order.</summary>
    /// <param name="model">The model.</param>
    /// <param name="name">What messages call its file.</param>
    /// <returns>The version of ONNX's own operator set; 0 where the model imports none, and so has no nodes.</returns>
    /// <exception cref="DataFormatException">The model breaks a rule.</exception>
    /// <exception cref="NotSupportedException">The model has what is not supported, whatever the operators.</exception>
    public static int Check(ModelProto model, string name)
    {
        if (model.Graph is null)
            throw new DataFormatException($"'{name}' holds no graph; expected an ONNX model.");
        if (model.IrVersion < 1)
            throw new DataFormatException(
                $"'{name}' gives {model.IrVersion} as the version of its format; expected {MinIrVersion} to {MaxIrVersion}.");
        if (model.IrVersion is < MinIrVersion or > MaxIrVersion)
            throw new NotSupportedException(
                $"'{name}' is of version {model.IrVersion} of ONNX's format; supported are {MinIrVersion} to {MaxIrVersion}.");
        Dictionary<string, long> opsets = Opsets(model, name);
        var operators = new OperatorChecker(name, opsets, [.. model.Functions.Select(f => (OperatorChecker.DomainOf(f.Domain), f.Name))]);
        new GraphChecker(name, operators).CheckModel(model.Graph);
        return (int)opsets.GetValueOrDefault("");
    }

    private static Dictionary<string, long> Opsets(ModelProto model, string name)
    {
        var opsets = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (OperatorSetIdProto import in model.OpsetImport)
        {
            string domain = OperatorChecker.DomainOf(import.Domain);
            if (import.Version is < 1 or > int.MaxValue)
                throw new DataFormatException(
                    $"'{name}' imports version {import.Version} of the operator set {Excerpt.Of(domain)}; expected at least 1.");
            if (!opsets.TryAdd(domain, import.Version) && opsets[domain] != import.Version)
                throw new DataFormatException($"'{name}' imports the operator set {Excerpt.Of(domain)} at the versions {opsets[domain]} " +
                    $"and {import.Version}; expected one.");
        }

        return opsets;
    }
}
