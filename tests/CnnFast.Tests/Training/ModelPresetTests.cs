using CnnFast.Data;
using CnnFast.Training;

namespace CnnFast.Tests.Training;

/// <summary>The presets: names, and the tutorial's net and recipe as its text gives them.</summary>
public sealed class ModelPresetTests
{
    [Fact]
    public void Names_are_unique_found_in_any_case_and_the_default_is_digits()
    {
        Assert.Equal("digits", ModelPresets.All[0].Name);
        Assert.Equal(ModelPresets.All.Count, ModelPresets.All.Select(preset => preset.Name).Distinct().Count());
        Assert.Same(ModelPresets.Tutorial, ModelPresets.Find("TUTORIAL"));
        Assert.Equal(["digits", "mnist", "fashion", "photos", "tutorial"], ModelPresets.All.Select(preset => preset.Name));
        Assert.Null(ModelPresets.Find("resnet"));
    }

    [Fact]
    public void Every_preset_builds_for_the_embedded_digits_and_other_class_counts()
    {
        ImageDataset digits = DigitDataset.LoadEmbedded().Test;
        foreach (ModelPreset preset in ModelPresets.All)
        {
            Assert.Equal(new Shape(10), preset.Build(digits).OutputShape);
            Assert.Equal(new Shape(7), preset.Build(new Shape(32, 24, 3), 7, seed: 1).OutputShape);
        }
    }

    [Fact]
    public void The_tutorial_net_has_the_layers_of_the_tutorial()
    {
        Model model = ModelPresets.Tutorial.Build(new Shape(28, 28, 1), 10);
        Assert.Equal(
            ["[28, 28, 1]", "[28, 28, 4]", "[28, 28, 4]", "[14, 14, 4]", "[14, 14, 8]", "[14, 14, 16]", "[7, 7, 16]", "[784]", "[128]",
                "[10]", "[10]"],
            model.Layers.Select(layer => layer.OutputShape.ToString()));
        Assert.Equal(
            ["[5, 5, 1, 4]", "[4]", "[5, 5, 4, 4]", "[4]", "[3, 3, 4, 8]", "[8]", "[3, 3, 8, 16]", "[16]", "[784, 128]", "[128]",
                "[128, 10]", "[10]"],
            model.Parameters.Select(parameter => parameter.Shape.ToString()));
    }

    [Fact]
    public void The_tutorial_net_starts_as_the_tutorial_says()
    {
        Model model = ModelPresets.Tutorial.Build(new Shape(28, 28, 1), 10, seed: 5);
        double[] convolutions = [.. model.Parameters.Take(8).Where(parameter => parameter.Decays).SelectMany(Values)];
        Assert.Equal(0.5, Deviation(convolutions), 0.03);
        Assert.Equal(0.1, Deviation([.. Values(model.Parameters[8])]), 0.002);
        Assert.All(model.Parameters.Where(parameter => !parameter.Decays).Take(4).SelectMany(Values), value => Assert.Equal(0.15f, value));
        Assert.All(model.Parameters.Where(parameter => !parameter.Decays).Skip(4).SelectMany(Values), value => Assert.Equal(1.15f, value));
        var sgd = Assert.IsType<Sgd>(ModelPresets.Tutorial.Optimizer);
        Assert.Equal((1e-3f, 0.9f, 2f, true), (sgd.LearningRate, sgd.Momentum, sgd.L2.Lambda, sgd.L2.IsPerBatch));
        Assert.Equal((1, 128), (ModelPresets.Tutorial.Options.Epochs, ModelPresets.Tutorial.Options.BatchSize));
    }

    [Fact]
    public void After_He_the_tutorial_net_starts_without_biases_and_the_default_stays_itself()
    {
        Model model = ModelPresets.Tutorial.WithHeInitialization().Build(new Shape(28, 28, 1), 10, seed: 5);
        Assert.Equal(Math.Sqrt(2.0 / 784), Deviation([.. Values(model.Parameters[8])]), 0.001);
        Assert.All(model.Parameters.Where(parameter => !parameter.Decays).SelectMany(Values), value => Assert.Equal(0, value));
        Assert.Same(ModelPresets.Digits, ModelPresets.Digits.WithHeInitialization());
    }

    [Fact]
    public void The_default_recipe_learns_digits_from_few_images_in_one_epoch()
    {
        TrainTestDatasets digits = DigitDataset.LoadEmbedded();
        Model model = ModelPresets.Digits.Build(digits.Train, seed: 1);
        FitResult result = new Trainer(model, ModelPresets.Digits.Optimizer).Train(
            digits.Train.Take(1500), ModelPresets.Digits.Options with { Epochs = 1, Seed = 1, Validation = digits.Test.Take(400) });
        Assert.True(result.Epochs[0].Validation!.Accuracy > 0.8, $"accuracy {result.Epochs[0].Validation!.Accuracy}");
    }

    [Fact]
    public void Every_preset_trains_some_steps_to_finite_weights_and_a_smaller_loss()
    {
        ImageDataset images = DigitDataset.LoadEmbedded().Train.Take(96);
        foreach (ModelPreset preset in ModelPresets.All.Where(preset => preset != ModelPresets.Tutorial))
        {
            Model model = preset.Build(images, seed: 1);
            FitResult result = new Trainer(model, preset.Optimizer, preset.Loss).Fit(
                images, preset.Options with { Epochs = 3, BatchSize = 16, Seed = 1, MaxThreads = 1 });
            Assert.Equal(18, result.Steps);
            Assert.True(result.Epochs[^1].TrainLoss < 0.9 * result.Epochs[0].TrainLoss, $"{preset.Name}: {result.Epochs[^1].TrainLoss}");
            Assert.All(model.Parameters.SelectMany(Values), value => Assert.True(double.IsFinite(value), preset.Name));
        }
    }

    [Fact]
    public void The_recipes_keep_to_what_their_data_may_undergo()
    {
        Assert.DoesNotContain(ModelPresets.Digits.Options.Augmentation!.Transforms, transform => transform is HorizontalFlip);
        Assert.DoesNotContain(ModelPresets.Mnist.Options.Augmentation!.Transforms, transform => transform is HorizontalFlip);
        Assert.Contains(ModelPresets.Fashion.Options.Augmentation!.Transforms, transform => transform is HorizontalFlip);
        Assert.True(ModelPresets.Mnist.Options.Epochs <= 5);
    }

    [Fact]
    public void The_nets_are_small()
    {
        long Weights(ModelPreset preset) => preset.Build(new Shape(28, 28, 1), 10).ParameterCount;
        Assert.Equal((80_282L, 315_322L, 687_786L),
            (Weights(ModelPresets.Digits), Weights(ModelPresets.Mnist), Weights(ModelPresets.Fashion)));
    }

    private static IEnumerable<double> Values(Parameter parameter) => parameter.Values.ToArray().Select(value => (double)value);

    private static double Deviation(double[] values) => Math.Sqrt(values.Average(value => value * value));
}
