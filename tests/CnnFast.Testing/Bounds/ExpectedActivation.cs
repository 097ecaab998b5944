using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>Epilogues in double, and how they carry the error of their argument on.</summary>
internal static class ExpectedActivation
{
    // The largest slope of hard-swish is 1.5, of SiLU, GELU and erf below 1.2, of the others at most 1 (the sweeps
    // use slopes of LeakyReLU below 1).
    private const double Slope = 1.5;

    /// <summary>Every epilogue, with constants.</summary>
    public static IReadOnlyList<Epilogue> All { get; } = [default, .. ReferenceFunctions.All.Select(function => function.Epilogue)];

    /// <summary>Applies an epilogue to values in place.</summary>
    public static void Apply(Epilogue epilogue, double[] values) => epilogue.Reference?.Apply(values, values);

    /// <summary>
    /// Applies an epilogue to a tensor: the bound grows with the function's slope, and by its own roundings (at most 10 units of the
    /// result).
    /// </summary>
    public static ExpectedTensor Apply(Epilogue epilogue, ExpectedTensor sums)
    {
        Apply(epilogue, sums.Values);
        if (epilogue.IsFused)
            return sums;
        for (int i = 0; i < sums.Values.Length; i++)
            sums.Magnitudes[i] = (Slope * sums.Magnitudes[i]) + (2 * Math.Abs(sums.Values[i]));
        return sums;
    }
}
