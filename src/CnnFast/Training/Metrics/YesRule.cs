namespace CnnFast.Training;

/// <summary>When an output says yes: its probability is above 0.5, its logit above 0. NaN says neither yes nor no.</summary>
internal static class YesRule
{
    /// <summary>The largest output that still says no.</summary>
    public static float ThresholdOf(LossInput input) => input == LossInput.SigmoidLogits ? 0 : 0.5f;

    /// <summary>Whether a target says yes.</summary>
    public static bool IsYes(float target) => target > 0.5f;
}
