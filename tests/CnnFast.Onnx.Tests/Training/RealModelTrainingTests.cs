using CnnFast.Data;
using CnnFast.Graphs;
using CnnFast.Onnx.Tests.RealModels;
using CnnFast.Tests;
using CnnFast.Training;

namespace CnnFast.Onnx.Tests.Training;

/// <summary>Trained models that were imported are trained further.</summary>
public sealed class RealModelTrainingTests
{
    private static readonly FitOptions s_options = new() { Epochs = 6, BatchSize = 4, MaxThreads = 1 };

    public static TheoryData<string> Names() => [.. GoldenModel.Names];

    public static TheoryData<string> NamesOfOneOutput() => ["ppocr_cls", "oww_embedding"];

    // The loss is half the sum of squares of what the outputs differ from other numbers. Along its gradient it has to fall as fast as the
    // gradient is long.
    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_of_all_parameters_is_the_slope_of_the_loss_along_it(string name)
    {
        Model model = Load(name);
        Freeze(model, parameter => parameter.Info.IsStatistic);
        float[] input = Numbers(2 * model.Inputs[0].Shape.ElementCount, 3);
        int n = model.Inputs[0].HasBatch ? 2 : 1;
        var plan = new TrainingPlan(model.Graph, new TrainingPlanOptions(n, 0, SerialScheduler.Instance, ConvAlgorithm.Direct));
        float[][] targets = [.. model.Outputs.Select((output, i) => Numbers(n * output.Shape.ElementCount, 5 + i))];
        double before = Loss(plan, n, input, targets, backward: true);
        (Parameter Parameter, float[] Gradient)[] gradients = [.. model.Parameters
            .Where(parameter => parameter.Trainable && plan.Gradients.Contains(parameter))
            .Select(parameter => (parameter, plan.Gradients[parameter].ToArray()))];
        double square = gradients.Sum(pair => pair.Gradient.Sum(g => (double)g * g));
        double step = 2e-4 * before / square;
        double above = At(step);
        double below = At(-step);
        double slope = (above - below) / (2 * step);
        Assert.True(Math.Abs(slope - square) <= 0.02 * square, $"{name}: the slope is {slope}; expected {square}");

        double At(double factor)
        {
            float[][] kept = [.. gradients.Select(pair => pair.Parameter.Values.ToArray())];
            foreach ((Parameter parameter, float[] gradient) in gradients)
                parameter.Assign([.. parameter.Values.ToArray().Zip(gradient, (value, g) => (float)(value + (factor * g)))]);
            double loss = Loss(plan, n, input, targets, backward: false);
            for (int i = 0; i < kept.Length; i++)
                gradients[i].Parameter.Assign(kept[i]);
            return loss;
        }
    }

    [Theory]
    [MemberData(nameof(NamesOfOneOutput))]
    public void All_of_a_model_is_trained_and_its_loss_falls(string name)
    {
        Model model = Load(name);
        Assert.Contains(model.Parameters, parameter => parameter.Source is not null);
        Trainer trainer = TrainerFor(model);
        FitResult result = trainer.Fit(Data(model), s_options, null, TestContext.Current.CancellationToken);
        Assert.True(result.Epochs[^1].TrainLoss < 0.9 * result.Epochs[0].TrainLoss,
            $"{name}: {result.Epochs[0].TrainLoss}, {result.Epochs[^1].TrainLoss}");
        float[][] values = Values(model);
        using var folder = new TemporaryFolder();
        model.Save(folder["trained.safetensors"]);
        Assert.Equal(values, Values(Model.Load(folder["trained.safetensors"])));
    }

    [Theory]
    [MemberData(nameof(NamesOfOneOutput))]
    public void A_frozen_body_keeps_its_bits_and_the_head_is_trained(string name)
    {
        Model model = Load(name);
        Parameter[] head = [.. model.Parameters.Where(parameter => parameter.Trainable && !parameter.Info.IsStatistic).TakeLast(2)];
        Freeze(model, parameter => !head.Contains(parameter));
        float[][] before = Values(model);
        FitResult result = TrainerFor(model).Fit(Data(model), s_options, null, TestContext.Current.CancellationToken);
        Assert.True(result.Epochs[^1].TrainLoss < result.Epochs[0].TrainLoss, name);
        float[][] after = Values(model);
        for (int i = 0; i < before.Length; i++)
            Assert.Equal(head.Contains(model.Parameters[i]), !before[i].AsSpan().SequenceEqual(after[i]));
    }

    [Theory]
    [MemberData(nameof(NamesOfOneOutput))]
    public void Any_number_of_threads_gives_the_same_bits(string name)
    {
        float[][] one = Trained(1);
        Assert.Equal(one, Trained(3));

        float[][] Trained(int threads)
        {
            Model model = Load(name);
            TrainerFor(model).Fit(Data(model), s_options with { Epochs = 1, MaxThreads = threads }, null,
                TestContext.Current.CancellationToken);
            return Values(model);
        }
    }

    private static Model Load(string name)
    {
        GoldenModel golden = GoldenModel.Load(name);
        return golden.Model.ToModel(golden.Dimensions, OnnxLayout.Nhwc);
    }

    private static Trainer TrainerFor(Model model) =>
        new(model, new Adam(1e-3f), model.OutputShape.Rank == 1 ? null : new MeanSquaredError());

    private static void Freeze(Model model, Func<Parameter, bool> which)
    {
        foreach (Parameter parameter in model.Parameters.Where(which))
            parameter.Trainable = false;
    }

    private static float[][] Values(Model model) => [.. model.Parameters.Select(parameter => parameter.Values.ToArray())];

    // Eight samples; those with labels are brighter or darker.
    private static ArrayDataset Data(Model model)
    {
        const int Count = 8;
        int length = model.InputShape.ElementCount;
        float[] inputs = Numbers(Count * length, 1);
        if (model.OutputShape.Rank != 1)
            return new ArrayDataset(model.InputShape, inputs, model.OutputShape, Numbers(Count * model.OutputShape.ElementCount, 2));
        for (int i = 0; i < inputs.Length; i++)
            inputs[i] += i / length % 2 == 0 ? 0.5f : -0.5f;
        return new ArrayDataset(model.InputShape, inputs, model.OutputShape[0], [.. Enumerable.Range(0, Count).Select(i => i % 2)]);
    }

    private static float[] Numbers(int count, int seed)
    {
        var random = new Random(seed);
        var numbers = new float[count];
        for (int i = 0; i < count; i++)
            numbers[i] = (random.NextSingle() * 2) - 1;
        return numbers;
    }

    private static double Loss(TrainingPlan plan, int n, float[] input, float[][] targets, bool backward)
    {
        var values = new ValueMemory(n, input.AsSpan(0, input.Length / 2 * n), default);
        plan.Forward(values, 0);
        double loss = 0;
        for (int output = 0; output < targets.Length; output++)
        {
            ReadOnlySpan<float> y = plan.Output(values, output);
            Span<float> dy = plan.OutputGradient(n, output);
            for (int i = 0; i < y.Length; i++)
            {
                double difference = (double)y[i] - targets[output][i];
                loss += difference * difference / 2;
                dy[i] = (float)difference;
            }
        }

        if (backward)
            plan.Backward(values, 0);
        return loss;
    }
}
