namespace CnnFast.Onnx.Conformance.Sweeps;

/// <summary>All families.</summary>
internal static class SweepFamilies
{
    public static IReadOnlyList<SweepFamily> All { get; } =
    [
        .. ConvolutionFamilies.All,
        .. PoolFamilies.All,
        .. NormalizationFamilies.All,
        .. ProductFamilies.All,
        .. ActivationFamilies.All,
        .. ResizeFamilies.All,
        .. PadFamilies.All,
        .. ArrangementFamilies.All,
        .. SelectionFamilies.All,
        .. ElementwiseFamilies.All,
        .. ReductionFamilies.All,
        .. ConstantFamilies.All,
        .. GraphFamilies.All,
    ];
}
