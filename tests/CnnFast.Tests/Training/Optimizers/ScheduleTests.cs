using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>Schedules against values by hand, which are those of PyTorch's schedulers.</summary>
public sealed class ScheduleTests
{
    [Fact]
    public void Steps_and_milestones_count_epochs_or_steps()
    {
        var every = new StepSchedule(2, 0.5f);
        Assert.Equal([1, 1, 1, 1, 1, 1, 0.5f, 0.5f], Factors(every, 8, stepsPerEpoch: 3));
        Assert.Equal([1, 1, 0.5f, 0.5f, 0.25f], Factors(new StepSchedule(2, 0.5f, ScheduleUnit.Step), 5, stepsPerEpoch: 3));

        var milestones = new MultiStepSchedule([1, 3], 0.1f);
        Assert.Equal([1, 1, 0.1f, 0.1f, 0.1f, 0.1f, 0.01f, 0.01f], Factors(milestones, 8, stepsPerEpoch: 2), new Near(1e-8));
        Assert.Equal([1, 0.1f, 0.1f, 0.01f], Factors(new MultiStepSchedule([1, 3], 0.1f, ScheduleUnit.Step), 4, stepsPerEpoch: 9),
            new Near(1e-8));
        Assert.Equal([1, 1, 0.9f, 0.9f, 0.81f], Factors(new ExponentialSchedule(0.9f), 5, stepsPerEpoch: 2), new Near(1e-7));
        Assert.Equal([1, 0.9f, 0.81f], Factors(new ExponentialSchedule(0.9f, ScheduleUnit.Step), 3, stepsPerEpoch: 2), new Near(1e-7));
    }

    [Fact]
    public void A_cosine_starts_again_and_every_fall_may_be_longer()
    {
        // Falls of 2, 4, … epochs of 2 steps: t/T = 0, ¼, ½, ¾, then eighths; ½(1 + cos π/4) = 0.853553.
        Assert.Equal([1, 0.853553f, 0.5f, 0.146447f, 1, 0.961940f, 0.853553f],
            Factors(new CosineRestartsSchedule(2, multiplier: 2), 7, stepsPerEpoch: 2), new Near(1e-6));

        // 0.1 + 0.9·½(1 + cos π/3) = 0.775; again and again of one length.
        Assert.Equal([1, 0.775f, 0.325f, 1, 0.775f],
            Factors(new CosineRestartsSchedule(3, finalFactor: 0.1f, unit: ScheduleUnit.Step), 5, stepsPerEpoch: 2), new Near(1e-6));
        Assert.Equal(1, new CosineRestartsSchedule(3).FactorAt(new ScheduleStep(3_000_000, 4_000_000)), 1e-6f);
    }

    [Fact]
    public void One_cycle_rises_and_falls_as_PyTorch_has_it()
    {
        // 10 steps, rise 0.3: the top is at step 2, the end at step 9; 1/25 = 0.04, its middle 0.52, the end 0.04/1e4.
        var cosine = new OneCycleSchedule();
        Assert.Equal([0.04f, 0.52f, 1], Factors(cosine, 10, 1)[..3], new Near(1e-6));
        Assert.Equal(4e-6f, Factors(cosine, 10, 1)[9], 1e-9f);

        // ½(1 + cos π/7) = 0.950484.
        Assert.Equal(0.950484f, Factors(cosine, 10, 1)[3], 1e-5f);

        // A line from 1 to 0.1/10 = 0.01 over 6 steps: 1 − 0.99/6.
        var linear = new OneCycleSchedule(rise: 0.25f, startDivisor: 10, endDivisor: 10, linear: true);
        Assert.Equal([0.1f, 1, 0.835f, 0.67f, 0.505f, 0.34f, 0.175f, 0.01f], Factors(linear, 8, 1), new Near(1e-6));
        Assert.Equal(4e-6f, cosine.FactorAt(new ScheduleStep(0, 1)), 1e-9f);
    }

    [Fact]
    public void A_polynomial_falls_to_its_end()
    {
        Assert.Equal([1, 0.5625f, 0.25f, 0.0625f], Factors(new PolynomialSchedule(2), 4, 1), new Near(1e-7));

        // 0.2 + 0.8·√¾, ·√½, ·√¼.
        Assert.Equal([1, 0.892820f, 0.765685f, 0.6f], Factors(new PolynomialSchedule(0.5f, 0.2f), 4, 1), new Near(1e-6));
        Assert.Equal(0.2f, new PolynomialSchedule(0.5f, 0.2f).FactorAt(new ScheduleStep(4, 4)), 1e-7f);
    }

    [Fact]
    public void A_rise_goes_before_any_schedule_which_begins_after_it()
    {
        Assert.Equal([0.25f, 0.4375f, 0.625f, 0.8125f, 1, 0.75f, 0.5f, 0.25f],
            Factors(new WarmUpSchedule(new PolynomialSchedule(), 4, startFactor: 0.25f), 8, stepsPerEpoch: 2), new Near(1e-6));

        // One epoch of 2 steps, then a fall with every epoch.
        Assert.Equal([0.5f, 0.75f, 1, 1, 0.1f, 0.1f],
            Factors(new WarmUpSchedule(new StepSchedule(1), 1, ScheduleUnit.Epoch, 0.5f), 6, stepsPerEpoch: 2), new Near(1e-6));

        // 4 steps, so that the epochs of what follows begin there.
        Assert.Equal([1 / 3f, 0.5f, 2 / 3f, 5 / 6f, 1, 1, 1, 0.1f],
            Factors(new WarmUpSchedule(new StepSchedule(1), 4), 8, stepsPerEpoch: 3), new Near(1e-6));
    }

    [Fact]
    public void A_plateau_reduces_as_PyTorch_does()
    {
        var schedule = new ReduceOnPlateauSchedule { Factor = 0.5f, Patience = 1 };
        // Best 1; 1 and 0.99995 are no improvements by 1e-4 of it: the second of them reduces. So do 0.9 twice and once more.
        double[] losses = [1, 1, 0.99995, 0.9, 0.9, 0.9, 0.9, 0.9];
        float[] expected = [1, 1, 0.5f, 0.5f, 0.5f, 0.25f, 0.25f, 0.125f];
        for (int i = 0; i < losses.Length; i++)
            Assert.Equal(expected[i], Plateau(schedule, losses[..(i + 1)]));
        Assert.Equal(1, Plateau(schedule));

        // NaN is never better; with a cool-down of 2 the two epochs after a reduction do not count.
        Assert.Equal(0.5f, Plateau(schedule, 1, double.NaN, double.NaN));
        Assert.Equal(0.5f, Plateau(schedule with { Cooldown = 2 }, 1, 1, 1, 1, 1, 1));
        Assert.Equal(0.25f, Plateau(schedule with { Cooldown = 2 }, 1, 1, 1, 1, 1, 1, 1));
        Assert.Equal(0.4f, Plateau(schedule with { MinFactor = 0.4f }, 1, 1, 1, 1, 1));

        ReduceOnPlateauSchedule accuracy = schedule with { LargerIsBetter = true, IsAbsolute = true, Threshold = 0.01f, Patience = 0 };
        Assert.Equal(1, Plateau(accuracy, 0.5, 0.52, 0.54));
        Assert.Equal(0.5f, Plateau(accuracy, 0.5, 0.505));
    }

    [Fact]
    public void Options_out_of_range_are_named()
    {
        AssertRange("StepSchedule: every is 0; expected at least 1.", () => new StepSchedule(0));
        AssertRange("StepSchedule: factor is 2; expected above 0, at most 1.", () => new StepSchedule(1, 2));
        AssertRange("MultiStepSchedule: milestones is 3; expected above 4, as they rise.", () => new MultiStepSchedule([4, 3]));
        AssertRange("ExponentialSchedule: factor is NaN; expected above 0, at most 1.", () => new ExponentialSchedule(float.NaN));
        AssertRange("ExponentialSchedule: unit is 7; expected Epoch or Step.", () => new ExponentialSchedule(0.5f, (ScheduleUnit)7));
        AssertRange("CosineRestartsSchedule: multiplier is 0; expected at least 1.", () => new CosineRestartsSchedule(1, 0));
        AssertRange("OneCycleSchedule: rise is 1; expected above 0, below 1.", () => new OneCycleSchedule(1));
        AssertRange("PolynomialSchedule: power is 0; expected a finite number above 0.", () => new PolynomialSchedule(0));
        AssertRange("WarmUpSchedule: length is 0; expected at least 1.", () => new WarmUpSchedule(new ConstantSchedule(), 0));
        AssertRange("ReduceOnPlateauSchedule: Factor is 1; expected above 0, below 1.", () => new ReduceOnPlateauSchedule { Factor = 1 });
    }

    [Fact]
    public void A_schedule_goes_on_where_it_was_from_the_place_alone()
    {
        ILearningRateSchedule schedule = new WarmUpSchedule(new CosineRestartsSchedule(3), 2);
        float[] whole = Factors(schedule, 12, 4);
        for (int i = 11; i >= 0; i--)
            Assert.Equal(whole[i], schedule.FactorAt(new ScheduleStep(i, 12, 4)));
    }

    [Theory]
    [InlineData(8, 1, 24)]
    [InlineData(4, 2, 24)]
    [InlineData(16, 1, 24)]
    [InlineData(8, 1, 48)]
    public void Fits_of_other_batches_or_samples_share_a_schedule_by_their_epochs(int batch, int accumulation, int samples)
    {
        var trainer = new Trainer(TinyData.Net(dropout: 0), new Sgd(1));
        var options = new FitOptions
        {
            Epochs = 2,
            BatchSize = 8,
            Schedule = new Told(),
            ScheduleEpochs = 4,
            Clipping = new GradientClipping { MaxNorm = 1e-6f },
            MaxThreads = 1,
        };
        trainer.Train(TinyData.Create(24), options);
        var told = new Told();
        int perEpoch = ((samples - 1) / (batch * accumulation)) + 1;
        trainer.Train(TinyData.Create(samples), options with { BatchSize = batch, AccumulationBatches = accumulation, Schedule = told });
        Assert.Equal(Enumerable.Range(0, 2 * perEpoch).Select(step => (long)(2 * perEpoch) + step), told.Steps.Select(at => at.Index));
        Assert.All(told.Steps, at => Assert.Equal((4L * perEpoch, (long)perEpoch), (at.Total, at.StepsPerEpoch)));
        Assert.Equal(Enumerable.Range(0, 2 * perEpoch).Select(step => 6L + step), told.Steps.Select(at => at.Steps));
        Assert.Equal(0.5f, new PolynomialSchedule().FactorAt(told.Steps[0]));
        Assert.Equal(0.5f, new CosineSchedule().FactorAt(told.Steps[0]), 1e-6f);
        Assert.Equal(2, told.Steps[0].Epochs);

        var next = new Told();
        trainer.Train(TinyData.Create(24), options with { ScheduleEpochs = 0, Schedule = next });
        Assert.Equal((12L, 18L, 4.0), (next.Steps[0].Index, next.Steps[0].Total, next.Steps[0].Epochs));
    }

    private static float[] Factors(ILearningRateSchedule schedule, int steps, int stepsPerEpoch) =>
        [.. Enumerable.Range(0, steps).Select(step => schedule.FactorAt(new ScheduleStep(step, steps, stepsPerEpoch)))];

    private static float Plateau(ReduceOnPlateauSchedule schedule, params double[] metrics) =>
        schedule.FactorAt(new ScheduleStep(metrics.Length * 10, 1000, 10, metrics));

    private static void AssertRange(string message, Func<object> create) =>
        Assert.StartsWith(message, Assert.Throws<ArgumentOutOfRangeException>(create).Message, StringComparison.Ordinal);

    private sealed class Near(double tolerance) : IEqualityComparer<float>
    {
        public bool Equals(float x, float y) => Math.Abs(x - y) <= tolerance;

        public int GetHashCode(float value) => 0;
    }

    private sealed class Told : ILearningRateSchedule
    {
        public List<ScheduleStep> Steps { get; } = [];

        public float FactorAt(in ScheduleStep at)
        {
            Steps.Add(at);
            return 1;
        }
    }
}
