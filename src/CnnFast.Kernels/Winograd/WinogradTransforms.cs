using System.Runtime.Intrinsics;

namespace CnnFast.Kernels;

/// <summary>The transforms of one form on one tier.</summary>
/// <param name="outputs">Outputs of a tile along an axis.</param>
/// <param name="filterPoints">The filter transform.</param>
/// <param name="input">The input transform.</param>
/// <param name="gradient">The transform of the output's gradient.</param>
/// <param name="filter">The transform of the filter gradient's sums.</param>
/// <param name="output">The output transform without an activation.</param>
/// <param name="outputReLU">The output transform with ReLU.</param>
/// <param name="outputReLU6">The output transform with ReLU6.</param>
internal sealed unsafe class WinogradTransforms(
    int outputs,
    delegate*<WinogradFilterRows*, void> filterPoints,
    delegate*<WinogradInput*, void> input,
    delegate*<WinogradInput*, void> gradient,
    delegate*<WinogradFilterSum*, void> filter,
    delegate*<WinogradOutput*, void> output,
    delegate*<WinogradOutput*, void> outputReLU,
    delegate*<WinogradOutput*, void> outputReLU6)
{
    public int Outputs { get; } = outputs;

    public int Points => Outputs + 2;

    public delegate*<WinogradFilterRows*, void> FilterPoints { get; } = filterPoints;

    public delegate*<WinogradInput*, void> Input { get; } = input;

    public delegate*<WinogradInput*, void> Gradient { get; } = gradient;

    public delegate*<WinogradFilterSum*, void> Filter { get; } = filter;

    private readonly delegate*<WinogradOutput*, void> _output = output;
    private readonly delegate*<WinogradOutput*, void> _outputReLU = outputReLU;
    private readonly delegate*<WinogradOutput*, void> _outputReLU6 = outputReLU6;

    /// <summary>The output transform with an epilogue that runs in registers.</summary>
    public delegate*<WinogradOutput*, void> Output(RegisterFunction function) => function switch
    {
        RegisterFunction.None => _output,
        RegisterFunction.ReLU => _outputReLU,
        RegisterFunction.ReLU6 => _outputReLU6,
        _ => throw new ArgumentOutOfRangeException(nameof(function), function,
            "Winograd transforms do not run this epilogue in registers."),
    };

    /// <summary>The transforms of a form on any implementation of the lanes.</summary>
    public static WinogradTransforms Create<TForm, L, V, I>()
        where TForm : struct, IWinogradForm
        where L : struct, ILanes<V, I>
        where V : unmanaged
        where I : unmanaged => new(
            TForm.Outputs,
            FilterPointsOf<TForm>(L.Count),
            &WinogradLoops<L, V, I>.Input<TForm>,
            &WinogradLoops<L, V, I>.Gradient<TForm>,
            &WinogradLoops<L, V, I>.Filter<TForm>,
            &WinogradLoops<L, V, I>.Output<TForm, IdentityOperation>,
            &WinogradLoops<L, V, I>.Output<TForm, ReLUOperation>,
            &WinogradLoops<L, V, I>.Output<TForm, ReLU6Operation>);

    // All widths give the same bits; in double one lane is no vector, so two are the fewest.
    private static delegate*<WinogradFilterRows*, void> FilterPointsOf<TForm>(int lanes)
        where TForm : struct, IWinogradForm => lanes switch
        {
            16 => &WinogradFilter<TForm, Double512Lanes, Vector512<double>, Avx512Lanes, Vector512<float>, Vector512<int>>.Transform,
            8 => &WinogradFilter<TForm, Double256Lanes, Vector256<double>, Avx2Lanes, Vector256<float>, Vector256<int>>.Transform,
            _ => &WinogradFilter<TForm, Double128Lanes, Vector128<double>, V128Lanes, Vector128<float>, Vector128<int>>.Transform,
        };
}
