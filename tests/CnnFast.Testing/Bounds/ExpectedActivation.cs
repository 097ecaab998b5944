using CnnFast.Kernels;
using CnnFast.Reference;

namespace CnnFast.Testing;

/// <summary>Epilogues in double, and how they carry the error of their argument on.</summary>
internal static class ExpectedActivation
{
    // The largest slope of SiLU is 1.1, of hard-swish 1.5, of GELU and erf below 1.2, of the others at most 1 (the sweeps use slopes of LeakyReLU below 1).
    private const double Slope = 1.5;

    /// <summary>Every epilogue, with constants.</summary>
    public static IReadOnlyList<Epilogue> All { get; } =
    [
        new(EpilogueKind.None),
        new(EpilogueKind.ReLU),
        new(EpilogueKind.ReLU6),
        new(EpilogueKind.Clip, -0.75f, 1.25f),
        new(EpilogueKind.LeakyReLU, 0.1f),
        new(EpilogueKind.SiLU),
        new(EpilogueKind.HardSwish),
        new(EpilogueKind.Sigmoid),
        new(EpilogueKind.Tanh),
        new(EpilogueKind.FlooredLeakyReLU, 0.2f, -0.3f),
        new(EpilogueKind.HardSigmoid, 0.2f, 0.5f),
        new(EpilogueKind.ErrorFunction),
        new(EpilogueKind.GELU),
        new(EpilogueKind.GELUTanh),
    ];

    /// <summary>Applies an epilogue to values in place.</summary>
    public static void Apply(Epilogue epilogue, double[] values)
    {
        switch (epilogue.Kind)
        {
            case EpilogueKind.ReLU:
                ReferenceReLU.Forward(values, values);
                break;
            case EpilogueKind.ReLU6:
                ReferenceActivation.Clip(values, values, 0, 6);
                break;
            case EpilogueKind.Clip:
                ReferenceActivation.Clip(values, values, epilogue.Alpha, epilogue.Beta);
                break;
            case EpilogueKind.LeakyReLU:
                ReferenceActivation.LeakyReLU(values, values, epilogue.Alpha);
                break;
            case EpilogueKind.SiLU:
                ReferenceActivation.SiLU(values, values);
                break;
            case EpilogueKind.HardSwish:
                ReferenceActivation.HardSwish(values, values);
                break;
            case EpilogueKind.Sigmoid:
                ReferenceActivation.Sigmoid(values, values);
                break;
            case EpilogueKind.Tanh:
                ReferenceActivation.Tanh(values, values);
                break;
            case EpilogueKind.FlooredLeakyReLU:
                ReferenceActivation.LeakyReLU(values, values, epilogue.Alpha);
                ReferenceActivation.Clip(values, values, epilogue.Beta, double.PositiveInfinity);
                break;
            case EpilogueKind.HardSigmoid:
                ReferenceActivation.HardSigmoid(values, values, epilogue.Alpha, epilogue.Beta);
                break;
            case EpilogueKind.ErrorFunction:
                ReferenceActivation.ErrorFunction(values, values);
                break;
            case EpilogueKind.GELU:
                ReferenceActivation.GELU(values, values);
                break;
            case EpilogueKind.GELUTanh:
                ReferenceActivation.GELUTanh(values, values);
                break;
        }
    }

    /// <summary>What the rounding of an epilogue is measured by: its result, or the sum of the absolute terms where terms may cancel.</summary>
    public static double[] Magnitudes(Epilogue epilogue, float[] arguments, double[] results) => epilogue.Kind switch
    {
        EpilogueKind.HardSigmoid => Array.ConvertAll(arguments, x => double.IsNaN(x) ? 0 : Math.Min(Math.Abs((double)epilogue.Alpha * x) + Math.Abs(epilogue.Beta), 2)),
        EpilogueKind.GELU or EpilogueKind.GELUTanh => Array.ConvertAll(arguments, x => double.IsNaN(x) ? 0 : Math.Abs((double)x)),
        _ => Array.ConvertAll(results, Math.Abs),
    };

    /// <summary>Applies an epilogue to a tensor: the bound grows with the function's slope, and by its own roundings (at most 10 units of the result).</summary>
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
